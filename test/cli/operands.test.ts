import assert from 'node:assert/strict';
import { load } from '../../src/cli/loaders.ts';
import { bare, verbs } from '../../src/cli/verbs.ts';
import { alice } from '../core/support.ts';
import { Lab } from './lab.ts';

describe('names of files', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  it('that begin with - stand behind --', async () => {
    lab.write('-i.yaml', 'a: one\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, '--', '-i.yaml'])).code, 0);
    assert.match(lab.read('-i.yaml'), /^a: ENC\[/);
    assert.equal((await lab.run(['decrypt', '--', '-i.yaml'])).out, 'a: one\n');
    assert.equal((await lab.run(['-d', '--', '-i.yaml'])).out, 'a: one\n');
    assert.equal((await lab.run(['set', '--', '-i.yaml', '["b"]', '-5'])).code, 0);
    assert.equal((await lab.run(['decrypt', '--', '-i.yaml'])).out, 'a: one\nb: -5\n');
    const { out, err } = await lab.run(['filestatus', '--', '-i.yaml', 'more']);
    assert.equal(out, '{"encrypted":true}\n');
    assert.match(err, /Only the first name is used/);
  });

  it('never reach the terminal as they are', async () => {
    for (const args of [
      ['decrypt', '--\u001b[31mx'],
      ['\u001b[31mx'],
      ['decrypt', '--extrct\u202e'],
      ['-\u009bx', 'a'],
    ]) {
      const { code, err } = await lab.run(args);
      assert.equal(code, 1, args.join());
      assert.match(err, /\\u\{(?:1b|202e|9b)\}/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
      assert.doesNotMatch(err, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });
});

describe('the verbs', () => {
  it('all have code that does their work', async () => {
    for (const [name, verb] of Object.entries(verbs)) assert.equal(typeof (await load(verb)), 'function', name);
    assert.equal(typeof (await load(bare)), 'function');
  });

  it('of two words say what the second one can be', async () => {
    const lab = new Lab();
    const groups = new Set(
      Object.keys(verbs).flatMap((name) => (name.includes(' ') ? [name.split(' ')[0] ?? ''] : [])),
    );
    for (const group of groups) {
      const { err, code } = await lab.run([group]);
      assert.equal(code, 1);
      assert.match(err, new RegExp(`^Usage: lockstep ${group} .*\\n\\n\\S`), group);
    }
    lab.dispose();
  });
});
