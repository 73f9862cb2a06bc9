import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { alice, bob } from '../core/support.ts';
import { missing, skipFor } from '../skip.ts';
import { builtSops, Place } from './sops.ts';

const reader = process.env.LOCKSTEP_READER;
const yaml = '# note\na: one\nlist:\n    - 1\n    - true\n    - b: 2.5\n---\nsecond: text\n';
const files: readonly (readonly [name: string, format: string, text: string, flags?: readonly string[]])[] = [
  ['a.yaml', 'yaml', yaml],
  ['a.json', 'json', '{\n\t"a": {\n\t\t"b": [\n\t\t\t1,\n\t\t\t"two"\n\t\t]\n\t}\n}\n'],
  ['a.env', 'dotenv', '# note\nA=one\nB=two\\nlines\nEMPTY=\n'],
  ['a.ini', 'ini', '[first]\nname = example\n\n[second]\nname = other\n'],
  ['a.bin', 'binary', 'any\u0001text\n'],
  ['some.yaml', 'yaml', yaml, ['--encrypted-regex', '^a$']],
  ['mac.yaml', 'yaml', yaml, ['--encrypted-regex', '^a$', '--mac-only-encrypted']],
  ['suffix.yaml', 'yaml', 'a_secret: x\nb: z\n', ['--encrypted-suffix', '_secret']],
];

describe('programs that have sops built in', () => {
  let program: string;
  let place: Place;
  before(async function () {
    skipFor(this, missing('Go program', Boolean(reader)));
    program = await builtSops();
    place = new Place(program);
  });
  after(() => {
    place?.dispose();
    if (program) rmSync(program, { force: true });
  });

  const read = (name: string, format: string, identity = alice.identity) =>
    place.run(reader ?? '', [name, format], { SOPS_AGE_KEY: identity });

  function readable(name: string, format: string, text: string): void {
    const { code, out, err } = read(name, format);
    assert.equal(code, 0, `${name}: ${err}`);
    assert.equal(out, format === 'ini' ? out : text, name);
    if (format === 'ini') assert.match(out, /name += example/);
  }

  for (const [name, format, text, flags = []] of files) {
    it(`read ${[name, ...flags].join(' ')}, and what becomes of it`, () => {
      place.write(name, text);
      const ran = place.sops(['encrypt', '-i', ...flags, '--age', alice.recipient, name]);
      assert.deepEqual(ran, { code: 0, out: '', err: '' });
      readable(name, format, text);
      assert.equal(place.sops(['rotate', '-i', '--add-age', bob.recipient, name]).code, 0);
      readable(name, format, text);
      assert.equal(read(name, format, bob.identity).code, 0);
    });
  }

  it('read key groups', () => {
    const groups = [alice, bob].map(({ recipient }) => `      - age: [${recipient}]\n`).join('');
    place.write('groups.rules', `creation_rules:\n  - shamir_threshold: 2\n    key_groups:\n${groups}`);
    place.write('groups.yaml', yaml);
    const ran = place.sops(['--config', 'groups.rules', 'encrypt', '-i', 'groups.yaml']);
    assert.equal(ran.code, 0, ran.err);
    assert.notEqual(read('groups.yaml', 'yaml').code, 0);
    assert.equal(read('groups.yaml', 'yaml', `${alice.identity}\n${bob.identity}`).out, yaml);
  });

  it('read a file whose format was changed', () => {
    place.write('changed.yaml', 'a: one\nb:\n    - 1\n');
    assert.equal(place.sops(['encrypt', '-i', '--age', alice.recipient, 'changed.yaml']).code, 0);
    assert.equal(place.sops(['set', '--output-type', 'json', 'changed.yaml', '["a"]', '"two"']).code, 0);
    assert.deepEqual(JSON.parse(read('changed.yaml', 'json').out), { a: 'two', b: [1] });
  });
});
