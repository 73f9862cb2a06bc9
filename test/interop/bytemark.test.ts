import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rotate } from '../../src/core/keys/rotate.ts';
import { text } from '../../src/core/tree/value.ts';
import { Lab } from '../cli/lab.ts';
import { editText, setValue } from '../core/changes.ts';
import { alice, later, reopen } from '../core/support.ts';
import { sopsPath } from './tools.ts';

const mark = '\ufeff';
const plain: Readonly<Record<string, string>> = {
  'a.yaml': 'A: one\nB: two\n',
  'a.json': '{\n\t"A": "one",\n\t"B": "two"\n}\n',
  'a.env': 'A=one\nB=two\n',
  'a.ini': '[s]\nA = one\nB = two\n',
  'a.bin': 'A=one\n',
};
const first: Readonly<Record<string, string>> = { 'a.ini': '["s"]["A"]', 'a.env': `["${mark}A"]` };
const second: Readonly<Record<string, string>> = { 'a.ini': '["s"]["B"]' };

describe('a byte order mark', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  const trySops = (...args: string[]) =>
    spawnSync(sopsPath, args, { cwd: lab.folder, env: lab.env(), encoding: 'utf8' });
  const sops = (...args: string[]): string => {
    const { status, stdout, stderr } = trySops(...args);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const ours = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await lab.run(args);
    assert.equal(code, 0, err);
    return out;
  };
  /** Both programs print the same clear text. */
  const both = async (name: string): Promise<string> => {
    const printed = await ours('decrypt', name);
    assert.equal(printed, sops('decrypt', name));
    return printed;
  };

  for (const name of Object.keys(plain)) {
    const source = mark + plain[name];

    it(`${name}: what sops makes of a file with one is opened and changed here`, async () => {
      lab.write(name, source);
      const made = trySops('encrypt', '-i', '--age', alice.recipient, name);
      // sops refuses JSON with a mark.
      assert.equal(made.status, name === 'a.json' ? 2 : 0, made.stderr);
      if (made.status !== 0) return;
      const printed = await both(name);
      assert.equal(printed.startsWith(mark), name === 'a.env' || name === 'a.bin');
      if (name === 'a.bin') return;
      await ours('set', name, second[name] ?? '["B"]', '"drei"');
      assert.equal(await both(name), printed.replace('two', 'drei'));
      await ours('set', name, first[name] ?? '["A"]', '"eins"');
      assert.equal(await both(name), printed.replace('two', 'drei').replace('one', 'eins'));
      await ours('rotate', '-i', name);
      const { code } = await lab.run(['edit', name], { env: { EDITOR: `sed -i 's/drei/vier/'` } });
      assert.equal(code, 0);
      assert.equal(await both(name), printed.replace('two', 'vier').replace('one', 'eins'));
      await ours('unset', name, first[name] ?? '["A"]');
      await both(name);
    });

    it(`${name}: what is encrypted here of a file with one is opened by sops`, async () => {
      lab.write(name, source);
      await ours('encrypt', '-i', '--age', alice.recipient, name);
      const printed = await both(name);
      assert.equal(printed, name === 'a.bin' ? source : plain[name]);
    });

    it(`${name}: one that an editor put before the encrypted text does no harm here, and is gone after a change`, async () => {
      lab.write(name, plain[name] ?? '');
      sops('encrypt', '-i', '--age', alice.recipient, name);
      lab.write(name, mark + lab.read(name));
      assert.equal(await ours('decrypt', name), plain[name]);
      if (name === 'a.bin') return;
      await ours('set', name, second[name] ?? '["B"]', '"drei"');
      assert.equal(await both(name), plain[name]?.replace('two', 'drei'));
      assert.ok(!lab.read(name).startsWith(mark));
    });
  }

  it('a.env: is taken off by whoever edits the clear text, and the first value is encrypted anew', async () => {
    lab.write('a.env', mark + plain['a.env']);
    sops('encrypt', '-i', '--age', alice.recipient, 'a.env');
    assert.equal((await lab.run(['edit', 'a.env'], { env: { EDITOR: `sed -i '1s/^...//'` } })).code, 0);
    assert.equal(await both('a.env'), plain['a.env']);
  });

  it('a.env: a text without it, as VS Code hands it out, opens all the same; its first value keeps its key path', async () => {
    lab.write('a.env', mark + plain['a.env']);
    sops('encrypt', '-i', '--age', alice.recipient, 'a.env');
    const sealed = readFileSync(join(lab.folder, 'a.env'), 'utf8').slice(1);
    const opened = await reopen(sealed, 'dotenv');
    assert.deepEqual(opened.verdict, { ok: true });
    const [leaf] = opened.sealed.leaves;
    assert.deepEqual(leaf?.path, ['A']);
    const changed = await setValue(opened, leaf?.id ?? '', text('1'), later);
    // VS Code writes the mark again.
    lab.write('a.env', mark + changed.text);
    assert.equal(await both('a.env'), `${mark}A=1\nB=two\n`);
    lab.write('a.env', mark + (await rotate(await reopen(changed.text, 'dotenv'), later)).text);
    assert.equal(await both('a.env'), `${mark}A=1\nB=two\n`);
    const error = { code: 'UNSUPPORTED_VALUE' };
    await assert.rejects(editText(opened, 'A=one\nB=two\nC=three\n', later), error);
    await assert.rejects(
      rotate(opened, later, { addAge: ['age14zu526zc0fh7f2ungnenvezlkfajfr933mlhln3p4n86qy2fvedsjqhqft'] }),
      error,
    );
  });
});
