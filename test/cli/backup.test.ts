import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openIdentityFile } from '../../src/core/age/private/identityfile.ts';
import { generateIdentity, recipientOf } from '../core/age/texts.ts';
import { alice } from '../core/support.ts';
import { Lab } from './lab.ts';

const phrase = 'correct horse battery';

describe('backup and restore', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  const encrypted = async (name: string, recipient: string) => {
    lab.write(name, 'A=canary\n');
    const { code, err } = await lab.run(['encrypt', '-i', '--age', recipient, name]);
    assert.equal(code, 0, err);
  };
  const backUp = (...flags: string[]) => lab.run(['backup', ...flags], { answers: [phrase, phrase] });

  it('write an age file for its owner alone, and a sheet; the keys come back, and it is said what they open', async () => {
    await encrypted('a.env', alice.recipient);
    await encrypted('b.env', await recipientOf(await generateIdentity()));
    const made = await backUp('-o', 'keys.age', '--sheet', 'sheet.html');
    assert.equal(made.code, 0, made.err);
    assert.match(made.err, /keys\.age: 1 key, and the pass phrase opens it\. Keep the two apart\./);
    if (process.platform !== 'win32') assert.equal(statSync(join(lab.folder, 'keys.age')).mode & 0o777, 0o600);
    assert.ok((await openIdentityFile(lab.read('keys.age'), phrase)).includes(alice.identity));
    const html = lab.read('sheet.html');
    assert.ok(html.includes(alice.recipient) && html.includes('<li>a.env</li>') && !html.includes('b.env'));
    assert.doesNotMatch(`${html}${made.out}${made.err}`, /AGE-SECRET-KEY|canary|correct horse/);
    const checked = await lab.run(['restore', 'keys.age'], { answers: ['wrong', phrase], env: { SOPS_AGE_KEY: '' } });
    assert.equal(checked.code, 128);
    assert.match(checked.out, new RegExp(`^key\t${alice.recipient}\t`));
    assert.match(checked.out, /^opens\ta\.env\ndoes not open\tb\.env\n/m);
    assert.match(checked.err, /This backup opens 1 of the 2 encrypted files here\./);
    const restored = await lab.run(['restore', 'keys.age', '-o', 'keys.txt'], { answers: [phrase] });
    assert.equal(restored.code, 0, restored.err);
    assert.ok(lab.read('keys.txt').includes(alice.identity));
    if (process.platform !== 'win32') assert.equal(statSync(join(lab.folder, 'keys.txt')).mode & 0o777, 0o600);
    assert.doesNotMatch(`${restored.out}${restored.err}${checked.out}${checked.err}`, /AGE-SECRET-KEY|canary|correct/);
    const again = await lab.run(['restore', 'keys.age', '-o', 'keys.txt'], { answers: [phrase] });
    assert.equal(again.code, 3);
    assert.match(again.err, /a key is never written over/);
  });

  it('of other keys say so', async () => {
    await backUp('-o', 'keys.age');
    await encrypted('b.env', await recipientOf(await generateIdentity()));
    const { code, err } = await lab.run(['restore', 'keys.age'], { answers: [phrase] });
    assert.equal(code, 128);
    assert.match(err, /This is a backup of other keys: it opens none of the 1 encrypted files here\./);
  });

  it('stay shut after five wrong pass phrases', async () => {
    await backUp('-o', 'keys.age');
    const before = lab.read('keys.age');
    const answers = ['1', '2', '3', '4', '5', phrase];
    const { code, err } = await lab.run(['restore', 'keys.age', '-o', 'keys.txt'], { answers });
    assert.equal(code, 128);
    assert.match(err, /The pass phrase does not open the backup\. Nothing was changed\./);
    assert.equal(existsSync(join(lab.folder, 'keys.txt')), false);
    assert.equal(lab.read('keys.age'), before);
  });

  it('come back from a scanned text on standard input, and refuse half of one', async () => {
    await backUp('-o', 'keys.age');
    const text = lab.read('keys.age').replaceAll('\n', ' ');
    const read = (stdin: string) => lab.run(['restore', '-'], { stdin: `Scanned:\n${stdin}`, answers: [phrase] });
    const whole = await read(text);
    assert.equal(whole.code, 0, whole.err);
    assert.match(whole.out, new RegExp(alice.recipient));
    const half = await read(text.slice(0, 200));
    assert.equal(half.code, 1);
    assert.match(half.err, /There is no whole backup in this text\./);
  });

  it('refuse a short pass phrase, two different ones, a place that is taken, and to work without a terminal', async () => {
    lab.write('taken', 'x');
    for (const [flags, answers, words] of [
      [[], ['short'], /at least 12 characters/],
      [[], [phrase, `${phrase}!`], /two pass phrases/],
      [[], ['aaaaaaaaaaaa', 'n'], /Nothing was written/],
      [['-o', 'taken'], [phrase, phrase], /never written over/],
      [['nowhere.txt'], [phrase, phrase], /There is no such file/],
      [[], undefined, /Run it in a terminal/],
    ] as const) {
      const { code, out, err } = await lab.run(['backup', ...flags], answers ? { answers } : {});
      assert.notEqual(code, 0);
      assert.match(err, words);
      assert.equal(out, '');
    }
    assert.equal(lab.read('taken'), 'x');
    const none = await lab.run(['backup'], { answers: [phrase, phrase], env: { SOPS_AGE_KEY: '' } });
    assert.equal(none.code, 128);
  });

  it('take the key files that are named, and none that is a backup itself', async () => {
    const other = await generateIdentity();
    lab.write('other.txt', `# other\n${other}\n`);
    const made = await lab.run(['backup', 'other.txt', '-o', 'other.age'], { answers: [phrase, phrase] });
    assert.equal(made.code, 0, made.err);
    const text = await openIdentityFile(readFileSync(join(lab.folder, 'other.age'), 'utf8'), phrase);
    assert.ok(text.includes(other) && !text.includes(alice.identity));
    const twice = await lab.run(['backup', 'other.age'], { answers: [phrase, phrase] });
    assert.match(twice.err, /under a pass phrase already/);
  });
});
