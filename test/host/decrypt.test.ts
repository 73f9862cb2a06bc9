import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { assertLeft, cleanUp, editorOf, show } from './editors.ts';
import { Folder, ruleFor, sealed } from './files.ts';
import { type Key, onlyKey } from './keys.ts';
import { assertUnseen, entry, run, start, unlock, until } from './support.ts';

const plain = '# why\nA=canary-a\nB="canary b"\n';

describe('decrypt in place', () => {
  let key: Key;
  let folder: Folder;

  before(async () => {
    await start();
    key = await onlyKey();
  });
  beforeEach(async () => {
    folder = new Folder({ '.sops.yaml': ruleFor([key.recipient]), '.env': await sealed('.env', plain, [key]) });
    execFileSync('git', ['init', '-q'], { cwd: folder.path });
  });
  afterEach(cleanUp);

  it('asks, and without a yes nothing is written', async () => {
    const asked = await assertLeft(folder, '.env', () => run('decryptFile'));
    assert.match(asked.join(), /^Write the values of .*\.env to the disk as plaintext\?\nEvery program and extension/);
    assert.match(asked.join(), /\[Decrypt File and Add to \.gitignore\] \[Decrypt File\]$/);
    assert.equal(existsSync(folder.at('.gitignore')), false);
  });

  it('writes the file and shows it', async () => {
    await show(folder.uri('.env'));
    assertUnseen('canary', ...(await run('decryptFile', { choose: 'Decrypt File' })));
    assert.equal(folder.text('.env'), plain);
    await until('the plain text', () => editorOf(folder.uri('.env'))?.document.getText() === plain);
    assert.equal(existsSync(folder.at('.gitignore')), false);
  });

  it('adds the line to .gitignore', async () => {
    folder.write('.gitignore', 'node_modules');
    await run('decryptFile', { choose: 'Decrypt File and Add to .gitignore' }, folder.uri('.env'));
    assert.equal(folder.text('.env'), plain);
    assert.equal(folder.text('.gitignore'), 'node_modules\n/.env\n');
  });

  it('warns when git tracks the file', async () => {
    execFileSync('git', ['add', '.'], { cwd: folder.path });
    const [question = ''] = await run('decryptFile', {}, folder.uri('.env'));
    assert.match(question, /Git tracks this file: the next commit would hold the values\./);
  });

  it('takes the unsaved ciphertext of the editor', async () => {
    const { document } = await show(folder.uri('.env'));
    await run('setValue', { secret: 'canary-new' }, document.uri.toString(), entry('A'));
    assert.equal(document.isDirty, true);
    await run('decryptFile', { choose: 'Decrypt File' });
    assert.equal(folder.text('.env'), plain.replace('canary-a', 'canary-new'));
  });

  it('and encrypted again, undo brings nothing back', async () => {
    await show(folder.uri('.env'));
    await run('decryptFile', { choose: 'Decrypt File' });
    await until('the plain text', () => editorOf(folder.uri('.env'))?.document.getText() === plain);
    await run('encryptFile');
    assertUnseen('canary', folder.text('.env'), editorOf(folder.uri('.env'))?.document.getText());
  });

  it('has nothing to do for a plain file', async () => {
    folder.write('plain.env', plain);
    const asked = await run('decryptFile', { choose: 'Decrypt File' }, folder.uri('plain.env'));
    assert.match(asked.join(), /plain\.env: The file is not encrypted\. There is nothing to decrypt\.$/);
    assert.equal(folder.text('plain.env'), plain);
  });

  it('asks to unlock first', async () => {
    await run('lock');
    try {
      const before = folder.text('.env');
      const asked = await run('decryptFile', { choose: 'Decrypt File', gesture: false }, folder.uri('.env'));
      assert.equal(asked.length, 1);
      assert.match(asked[0] ?? '', /^Lockstep is locked\./);
      assert.equal(folder.text('.env'), before);
    } finally {
      await unlock();
    }
  });
});
