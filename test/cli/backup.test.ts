import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openIdentityFile, sealIdentityFile } from '../../src/core/age/private/identityfile.ts';
import { useNative } from '../../src/core/platform/native.ts';
import { nodeNative } from '../../src/node/native.ts';
import { generateIdentity, recipientOf } from '../core/age/texts.ts';
import { alice } from '../core/support.ts';
import { Lab } from './lab.ts';

const phrase = 'correct horse battery';

describe('backup and restore', () => {
  let lab: Lab;
  before(() => useNative(nodeNative));
  beforeEach(async () => {
    lab = new Lab();
    // As a backup is, at a cost that a test can pay.
    lab.write('keys.age', await sealIdentityFile(`# me\n${alice.identity}\n`, phrase, 10));
  });
  afterEach(() => lab.dispose());

  const encrypted = async (name: string, recipient: string) => {
    lab.write(name, 'A=canary\n');
    const { code, err } = await lab.run(['encrypt', '-i', '--age', recipient, name]);
    assert.equal(code, 0, err);
  };

  it('write an age file for its owner alone, and a sheet', async function () {
    this.timeout(60_000);
    const other = await generateIdentity();
    const recipient = await recipientOf(other);
    lab.write('other.txt', `# other\n${other}\n`);
    await encrypted('a.env', recipient);
    await encrypted('b.env', alice.recipient);
    const flags = ['-o', 'new.age', '--sheet', 'sheet.html'];
    const made = await lab.run(['backup', 'other.txt', ...flags], { answers: [phrase, phrase] });
    assert.equal(made.code, 0, made.err);
    assert.match(made.err, /new\.age: 1 key, and the pass phrase opens it\. Keep the two apart\./);
    if (process.platform !== 'win32') assert.equal(statSync(join(lab.folder, 'new.age')).mode & 0o777, 0o600);
    const text = await openIdentityFile(lab.read('new.age'), phrase);
    assert.ok(text.includes(other) && !text.includes(alice.identity));
    const html = lab.read('sheet.html');
    assert.ok(html.includes(recipient) && html.includes('<li>a.env</li>') && !html.includes('b.env'));
    assert.ok(html.includes(lab.read('new.age').trim()));
    assert.doesNotMatch(`${html}${made.out}${made.err}`, /AGE-SECRET-KEY|canary|correct horse/);
  });

  it('say what the keys open, and make a key file of them, never over another one', async () => {
    await encrypted('a.env', alice.recipient);
    await encrypted('b.env', await recipientOf(await generateIdentity()));
    const checked = await lab.run(['restore', 'keys.age'], { answers: ['wrong', phrase], env: { SOPS_AGE_KEY: '' } });
    assert.equal(checked.code, 128);
    assert.match(checked.out, new RegExp(`^key\t${alice.recipient}\tme\n`));
    assert.match(checked.out, /^opens\ta\.env\ndoes not open\tb\.env\n/m);
    assert.match(checked.err, /This backup opens 1 of the 2 encrypted files here\./);
    const restored = await lab.run(['restore', 'keys.age', '-o', 'keys.txt'], { answers: [phrase] });
    assert.equal(restored.code, 0, restored.err);
    assert.ok(lab.read('keys.txt').includes(alice.identity));
    if (process.platform !== 'win32') assert.equal(statSync(join(lab.folder, 'keys.txt')).mode & 0o777, 0o600);
    assert.doesNotMatch(`${restored.out}${restored.err}${checked.out}${checked.err}`, /AGE-SECRET-KEY|canary|correct/);
    const again = await lab.run(['restore', 'keys.age', '-o', 'keys.txt'], { answers: [phrase] });
    assert.equal(again.code, 3);
    assert.match(again.err, /a key is never written over\.\nName another file\.\n/);
    assert.doesNotMatch(again.err, /keygen/, 'it would put a private key beside the backup');
  });

  it('of other keys say so', async () => {
    await encrypted('b.env', await recipientOf(await generateIdentity()));
    const { code, err } = await lab.run(['restore', 'keys.age'], { answers: [phrase] });
    assert.equal(code, 128);
    assert.match(err, /This is a backup of other keys: it opens none of the 1 encrypted files here\./);
  });

  it('stay shut after five wrong pass phrases', async () => {
    const before = lab.read('keys.age');
    const answers = ['1', '2', '3', '4', '5', phrase];
    const { code, err } = await lab.run(['restore', 'keys.age', '-o', 'keys.txt'], { answers });
    assert.equal(code, 128);
    assert.match(err, /The pass phrase does not open the backup\. Nothing was changed\./);
    assert.equal(existsSync(join(lab.folder, 'keys.txt')), false);
    assert.equal(lab.read('keys.age'), before);
  });

  it('come back from a scanned text on standard input, and refuse half of one', async () => {
    const text = lab.read('keys.age').replaceAll('\n', ' ');
    const read = (stdin: string) => lab.run(['restore', '-'], { stdin: `Scanned:\n${stdin}`, answers: [phrase] });
    const whole = await read(text);
    assert.equal(whole.code, 0, whole.err);
    assert.match(whole.out, new RegExp(alice.recipient));
    const half = await read(text.slice(0, 200));
    assert.equal(half.code, 1);
    assert.match(half.err, /There is no whole backup in this text\./);
  });

  it('refuse a short pass phrase, two different ones, a backup of a backup, and to work without a terminal', async () => {
    for (const [flags, answers, words] of [
      [[], ['short'], /at least 12 characters/],
      [[], [phrase, `${phrase}!`], /two pass phrases/],
      [[], ['aaaaaaaaaaaa', 'n'], /Nothing was written/],
      [['keys.age'], [phrase, phrase], /under a pass phrase already/],
      [['nowhere.txt'], [phrase, phrase], /There is no such file/],
      [[], undefined, /Run it in a terminal/],
    ] as const) {
      const { code, out, err } = await lab.run(['backup', ...flags], answers ? { answers } : {});
      assert.notEqual(code, 0);
      assert.match(err, words);
      assert.equal(out, '');
    }
    const none = await lab.run(['backup'], { answers: [phrase, phrase], env: { SOPS_AGE_KEY: '' } });
    assert.equal(none.code, 128);
  });
});
