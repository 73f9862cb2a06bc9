// What can happen to a file between the question and the writing.
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { cleanUp, show } from './editors.ts';
import { Folder, ruleFor, sealed, sealedFolder, valuesOf } from './files.ts';
import { type Key, newKey, onlyKey } from './keys.ts';
import { assertUnseen, entry, run, start } from './support.ts';

const plain = 'A=canary-a\nB=canary-b\n';
const changed =
  /\.env: The file changed in the meantime\. Check the new text, then try again\. Nothing was overwritten\./;
const gone = /\.env: The file no longer exists\. Nothing was written\./;

describe('bad input: the disk', () => {
  let key: Key;

  before(async () => {
    await start();
    key = await onlyKey();
  });
  afterEach(cleanUp);

  it('a file that changes while its decryption is asked for', async () => {
    const folder = await sealedFolder(plain, key);
    const next = await sealed('.env', 'A=canary-next\n', [key]);
    await show(folder.uri('.env'));
    const asked = await run('decryptFile', {
      get choose() {
        folder.write('.env', next);
        return 'Decrypt File';
      },
    });
    assert.match(asked.at(-1) ?? '', changed);
    assert.equal(folder.text('.env'), next);
    assertUnseen('canary', ...asked);
    assert.deepEqual(folder.temporary(), []);
  });

  it('a file that is deleted while its decryption is asked for', async () => {
    const folder = await sealedFolder(plain, key);
    const asked = await run(
      'decryptFile',
      {
        get choose() {
          rmSync(folder.at('.env'));
          return 'Decrypt File';
        },
      },
      folder.uri('.env'),
    );
    assert.match(asked.at(-1) ?? '', gone);
    assert.equal(existsSync(folder.at('.env')), false);
    assert.deepEqual(folder.temporary(), []);
  });

  it('a file that changes while its encryption is asked for', async () => {
    const folder = new Folder({ '.sops.yaml': ruleFor([(await newKey()).recipient]), '.env': plain });
    const asked = await run(
      'encryptFile',
      {
        get confirm() {
          folder.write('.env', 'A=canary-next\n');
          return true;
        },
      },
      folder.uri('.env'),
    );
    assert.match(asked.at(-1) ?? '', changed);
    assert.equal(folder.text('.env'), 'A=canary-next\n');
    assertUnseen('canary', ...asked);
  });

  it('a file that is not there when it is to be encrypted', async () => {
    const folder = await sealedFolder(plain, key);
    const asked = await run('encryptFile', {}, folder.uri('missing.env'));
    assert.match(asked.join(), /missing\.env: The file no longer exists\. Nothing was written\./);
  });

  it('a file that is deleted while a value is typed', async () => {
    const folder = await sealedFolder(plain, key);
    const { document } = await show(folder.uri('.env'));
    const text = document.getText();
    const asked = await run(
      'setValue',
      {
        get secret() {
          rmSync(folder.at('.env'), { force: true });
          return 'canary-new';
        },
      },
      document.uri.toString(),
      entry('A'),
    );
    assert.match(asked.at(-1) ?? '', gone);
    assertUnseen('canary', ...asked);
    assert.equal(existsSync(folder.at('.env')), false);
    assert.equal(document.getText(), text, 'the editor still has it');
  });

  it('a file that changes while a value is typed: the new value goes into the new text', async () => {
    const folder = await sealedFolder(plain, key);
    const { document } = await show(folder.uri('.env'));
    const next = await sealed('.env', 'A=canary-x\nB=canary-y\nC=canary-z\n', [key]);
    const asked = await run(
      'setValue',
      {
        get secret() {
          folder.write('.env', next);
          return 'canary-new';
        },
      },
      document.uri.toString(),
      entry('A'),
    );
    assertUnseen('canary', ...asked, document.getText());
    const saved = await document.save();
    // VS Code may have seen the change before our edit or after it; in no case is one of the two lost in silence.
    const values = await valuesOf('.env', folder.text('.env'), key);
    if (saved) assert.deepEqual(Object.values(values), ['canary-new', 'canary-y', 'canary-z']);
    else assert.equal(folder.text('.env'), next);
  });

  it('an entry that is gone from the new text', async () => {
    const folder = await sealedFolder(plain, key);
    const { document } = await show(folder.uri('.env'));
    const asked = await run('setValue', { secret: 'canary-new' }, document.uri.toString(), entry('OTHER'));
    assert.match(asked.join(), /The entry no longer exists\. Put the cursor on an entry and try again\./);
    assert.equal(document.isDirty, false);
  });
});
