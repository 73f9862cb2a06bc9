import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { alice, bob } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { builtSops, Place, type Ran, sopsPath } from './sops.ts';

const yaml = 'global:\n    secret: bar\nservice:\n    port: 81\n    ratio: 1.5\n';
const plain: Readonly<Record<string, string>> = {
  'secrets.yaml': yaml,
  'some dir/a@b§c!d\\$e (f)😀/secrets.yaml': yaml,
  'secrets.yaml.gotpl': yaml,
  noending: yaml,
  // As sops prints it: ours keeps any layout.
  'file.json': '{\n\t"a": {\n\t\t"b": [\n\t\t\t1,\n\t\t\t"two",\n\t\t\tnull\n\t\t]\n\t}\n}\n',
  'file.properties': 'a=b\nc=d\n',
  'file.txt': 'any text\n\n',
  'plain.yaml': 'a: b\n',
};
const typeOf = (name: string) => {
  if (name.includes('.yaml') || name === 'noending') return 'yaml';
  return name.endsWith('.json') ? 'json' : 'binary';
};
const names = Object.keys(plain).filter((name) => name !== 'plain.yaml');

/** What its scripts type, by what they read of the file first: `scripts/lib/backends/sops.sh` of helm-secrets 4. */
const typed = (verb: 'encrypt' | 'decrypt', name: string, ...more: string[]) => {
  const type = typeOf(name);
  return [`--${verb}`, '--input-type', type, '--output-type', type, ...more, name];
};

describe('the calls of helm-secrets', () => {
  let program: string;
  let places: [theirs: Place, ours: Place];
  before(async function () {
    skipFor(this, windows);
    program = await builtSops();
    places = [new Place(sopsPath), new Place(program)];
    for (const place of places) {
      place.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient}\n`);
      for (const [name, text] of Object.entries(plain)) place.write(name, text);
    }
  });
  after(() => {
    for (const place of places ?? []) place.dispose();
    rmSync(program, { force: true });
  });

  /** The same of both; what ours gives. */
  function same(words: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Ran {
    const [their, our] = places.map((place) => place.sops(words, env, input)) as [Ran, Ran];
    assert.equal(our.code, their.code, `${words.join(' ')}\nsops: ${their.err}\nours: ${our.err}`);
    assert.equal(our.out, their.out, words.join(' '));
    return our;
  }

  it('encrypt in place, and decrypt in every way', () => {
    for (const name of names) {
      assert.equal(same(typed('encrypt', name, '--in-place')).err, '', name);
      const [, ours] = places;
      assert.match(ours.read(name), /mac.*,type:str\]/, 'by which it knows an encrypted file');
      const { out, err } = same(typed('decrypt', name));
      assert.equal(err, '');
      assert.equal(out, plain[name]);
      same(typed('decrypt', name, '--output', 'out'));
      assert.equal(ours.read('out'), out);
      rmSync(`${ours.folder}/out`);
      rmSync(`${places[0].folder}/out`);
    }
  });

  it('open what the other one wrote', () => {
    const [theirs, ours] = places;
    for (const name of names) {
      for (const [from, to] of [
        [theirs, ours],
        [ours, theirs],
      ] as const) {
        to.write(`other/${name}`, from.read(name));
        const type = typeOf(name);
        const ran = to.sops(['--decrypt', '--input-type', type, '--output-type', type, `other/${name}`]);
        assert.equal(ran.code, 0, ran.err);
        assert.equal(ran.out, to.sops(typed('decrypt', name)).out, name);
      }
    }
  });

  it('encrypt into another file, and decrypt in place', () => {
    const [, ours] = places;
    for (const name of ['plain.yaml', 'file.txt']) {
      for (const place of places) place.write(name, plain[name] ?? '');
      same(typed('encrypt', name, '--output', 'enc'));
      assert.equal(ours.read(name), plain[name]);
      for (const place of places) place.write(name, place.read('enc'));
      same(typed('decrypt', name, '--in-place'));
      assert.equal(ours.read(name), plain[name]);
    }
  });

  it('decrypt a literal from standard input', () => {
    const ours = places[1];
    ours.write('literal.json', '{\n\t"data": "81"\n}\n');
    const sealed = ours.sops(['-e', '--input-type', 'json', '--output-type', 'json', 'literal.json']).out;
    const words = ['--decrypt', '--input-type', 'json', '--output-type', 'json', '/dev/stdin'];
    assert.equal(JSON.parse(same(words, {}, sealed).out).data, '81');
  });

  it('edit with flags alone', () => {
    const env = { EDITOR: 'sed -i s/81/82/' };
    same(['--input-type', 'yaml', '--output-type', 'yaml', 'secrets.yaml'], env);
    assert.match(same(typed('decrypt', 'secrets.yaml')).out, /port: 82/);
    // A new file, whose name has no dot.
    const types = ['--input-type', 'yaml', '--output-type', 'yaml'];
    for (const place of places) {
      assert.equal(place.sops([...types, 'new'], { EDITOR: 'sed -i s/Welcome/Hello/' }).code, 0);
      assert.match(place.sops(['-d', ...types, 'new']).out, /^hello: Hello/);
    }
  });

  it('take its arguments for sops before the rest', () => {
    for (const more of [['--verbose'], ['--verbose', '--enable-local-keyservice=true'], ['--config', '.sops.yaml']])
      same([...more, ...typed('decrypt', 'secrets.yaml')]);
    const { err } = same(['--verbose', ...typed('decrypt', 'secrets.yaml')]);
    assert.match(err, /level=info msg="Data key recovered successfully"/);
  });

  it('fail as sops does', () => {
    assert.match(same(typed('decrypt', 'plain.yaml')).err, /^sops metadata not found\n/);
    assert.match(
      same(typed('decrypt', 'none.yaml')).err,
      /^Error: cannot operate on non-existent file ".*none\.yaml"\n/,
    );
    assert.match(same(typed('encrypt', 'secrets.yaml')).err, /^The file you have provided contains a top-level entry/);
    const { err } = same(typed('decrypt', 'secrets.yaml'), { SOPS_AGE_KEY: bob.identity });
    assert.match(err, /^Failed to get the data key required to decrypt the SOPS file\.\n/);
    assert.match(err, /no identity matched any of the recipients/);
  });
});
