import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import * as vscode from 'vscode';
import { cleanUp, show } from './editors.ts';
import { Folder, sealed } from './files.ts';
import { type Key, labels, newKey, onlyKey, useKeys } from './keys.ts';
import { assertUnseen, entry, run, start } from './support.ts';

const passphrase = 'correct horse battery';

describe('keys', () => {
  before(start);
  afterEach(cleanUp);

  const clipboard = () => vscode.env.clipboard.readText();
  const type = (text: string) => run('importKey', { pick: 'Type or Paste It', secret: text });

  it('import: typed, from the clipboard, from a file; the same one is not taken twice', async () => {
    await useKeys({});
    const [one, two, three] = [await newKey(), await newKey(), await newKey()];
    const asked = await type(`# Ada\n${one.identity}`);
    assert.ok(asked.includes('The key Ada is now in SecretStorage.'), `${asked}`);
    assert.ok((await type(one.identity)).includes('You already have this key: Ada.'));
    await vscode.env.clipboard.writeText(
      `# created: 2026-01-01T00:00:00Z\n# Grace\n# public key: x\n${two.identity}\n`,
    );
    const pasted = await run('importKey', { pick: 'From the Clipboard' });
    assert.equal(await clipboard(), '', 'a private key does not stay on the clipboard');
    const openFile = new Folder({ 'keys.txt': `# Linus\n${three.identity}\n${one.identity}\n` }).at('keys.txt');
    const read = await run('importKey', { pick: 'From a File', openFile });
    assert.equal((await labels()).length, 3);
    for (const { identity } of [one, two, three]) assertUnseen(identity, ...asked, ...pasted, ...read);
  });

  it('import: what is no key is refused', async () => {
    await useKeys({});
    assert.match((await type('AGE-SECRET-KEY-1NOT')).join('\n'), /This is not an age key\./);
    const openFile = new Folder({ 'a.txt': 'canary\n' }).at('a.txt');
    const asked = await run('importKey', { pick: 'From a File', openFile });
    assert.match(asked.join('\n'), /This is not an age key\. Copy the whole AGE-SECRET-KEY-1 line./);
    assertUnseen('canary', ...asked);
    assert.deepEqual(await labels(), []);
  });

  it('back up, remove, and import again', async () => {
    await useKeys({ Ada: await newKey(), Grace: await newKey() });
    const folder = new Folder();
    const saveFile = folder.at('backup.age');
    const asked = await run('backUpKey', { secret: [passphrase, passphrase], saveFile });
    assert.match(
      asked.at(-1) ?? '',
      /^The backup is in .*backup\.age, and the pass phrase opens it: 2 keys\. Keep the two apart\./,
    );
    assert.match(folder.text('backup.age'), /^-----BEGIN AGE ENCRYPTED FILE-----/);
    if (process.platform !== 'win32') assert.equal(statSync(saveFile).mode & 0o777, 0o600);
    await useKeys({});
    const answers = { pick: 'From a File', openFile: saveFile, secret: ['wrong', passphrase] };
    const told = await run('importKey', answers);
    assert.match(told.join('\n'), /does not open the key file\. Try again\.[\s\S]*2 keys are now in SecretStorage\./);
    assert.deepEqual(await labels(), ['Ada', 'Grace']);
  });

  it('back up: no short pass phrase, and none that is typed differently', async () => {
    await onlyKey();
    const folder = new Folder();
    const saveFile = folder.at('backup.age');
    assert.match((await run('backUpKey', { secret: ['short'], saveFile })).join('\n'), /At least 12 characters\./);
    const asked = await run('backUpKey', { secret: [passphrase, `${passphrase}!`], saveFile });
    assert.match(asked.join('\n'), /This is not the same pass phrase\./);
    assert.throws(() => folder.text('backup.age'));
  });

  it('rename', async () => {
    await useKeys({ Ada: await newKey() });
    await run('manageKeys', { pick: ['Ada', 'Rename'], input: 'Ada at work' });
    assert.deepEqual(await labels(), ['Ada at work']);
    await run('manageKeys', { pick: ['Ada', 'Rename'], input: ' ' });
    assert.deepEqual(await labels(), ['Ada at work']);
  });

  it('remove: says what becomes unreadable, and only then does it', async () => {
    const key = await onlyKey();
    const folder = new Folder({ '.env': await sealed('.env', 'A=canary\n', [key]) });
    const asked = await run('manageKeys', { pick: ['me@here', 'Remove'] });
    assert.match(asked.at(-1) ?? '', /^Remove the key me@here\?\nWithout a backup nobody can restore the key\./);
    assert.match(asked.at(-1) ?? '', /Files here that nobody could read any more:\n.*\.env\n/);
    assert.deepEqual(await labels(), ['me@here']);
    await show(folder.uri('.env'));
    await run('manageKeys', { pick: ['me@here', 'Remove'], choose: 'Remove Key' });
    assert.deepEqual(await labels(), []);
    assert.match((await run('copyValue', {}, folder.uri('.env').toString(), entry('A'))).join(), /You have no key yet/);
  });

  it('several: each opens its files, and the public one is picked by its name', async () => {
    const keys: Record<string, Key> = { Ada: await newKey(), Grace: await newKey() };
    await useKeys(keys);
    const files = Object.entries(keys).map(async ([name, key]) => [
      `${name}.env`,
      await sealed('.env', `A=canary-${name}\n`, [key, await newKey()]),
    ]);
    const folder = new Folder(Object.fromEntries(await Promise.all(files)));
    for (const [name, { recipient }] of Object.entries(keys)) {
      const { document } = await show(folder.uri(`${name}.env`));
      await run('copyValue', {}, document.uri.toString(), entry('A'));
      assert.equal(await clipboard(), `canary-${name}`);
      const asked = await run('copyPublicKey', { pick: name });
      assert.equal(await clipboard(), recipient);
      assert.match(asked.at(-1) ?? '', new RegExp(`The public key of ${name} is copied\\.`));
    }
    // A key that comes opens what is on the screen.
    await useKeys({ Grace: keys.Grace ?? assert.fail() });
    const { document } = await show(folder.uri('Ada.env'));
    assert.match(
      (await run('copyValue', {}, document.uri.toString(), entry('A'))).join(),
      /None of your keys can read/,
    );
    await type(`# Ada\n${keys.Ada?.identity}`);
    await run('copyValue', {}, document.uri.toString(), entry('A'));
    assert.equal(await clipboard(), 'canary-Ada');
    await vscode.env.clipboard.writeText('');
  });
});
