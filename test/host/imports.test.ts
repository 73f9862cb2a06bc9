import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { cleanUp, editorOf, show } from './editors.ts';
import { Folder, ruleFor, valuesOf } from './files.ts';
import { type Key, onlyKey } from './keys.ts';
import { assertUnseen, run, start, until } from './support.ts';

describe('import secrets', () => {
  let key: Key;
  let folder: Folder;
  const source = 'DB_PASSWORD="canary one"\nAPI_KEY=canary-two\n';

  before(async () => {
    await start();
    key = await onlyKey();
  });
  beforeEach(() => {
    folder = new Folder({ '.sops.yaml': ruleFor([key.recipient]), '.env': source });
  });
  afterEach(cleanUp);

  const make = async (pickMany: 'all' | string[] = 'all') => {
    const saveFile = folder.uri('secrets.yaml').fsPath;
    const said = await run('importSecrets', { pick: 'new', saveFile, pickMany }, folder.uri('.env'));
    assertUnseen('canary', said);
    return said;
  };

  it('makes a file, opens it, and leaves the source alone', async () => {
    const said = await make();
    assert.match(
      said.join('\n'),
      /2 values were imported into \S+secrets\.yaml\. Delete \S+\.env once no program reads it\./,
    );
    assertUnseen('canary', folder.text('secrets.yaml'));
    assert.deepEqual(Object.values(await valuesOf('secrets.yaml', folder.text('secrets.yaml'), key)), [
      'canary one',
      'canary-two',
    ]);
    assert.equal(folder.text('.env'), source);
    await until('the new file is on screen', () => editorOf(folder.uri('secrets.yaml')) !== undefined);
  });

  it('changes a file that no editor shows, on the disk, and one in an editor as one step of undo', async () => {
    await make(['API_KEY']);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    folder.write('more.json', '{"db": {"password": "canary-three"}}');
    let said: string[] = [];
    await until('the list has the file', async () => {
      said = await run('importSecrets', { pick: 'secrets.yaml', pickMany: 'all' }, folder.uri('more.json'));
      return said.some((one) => /^Write 1 value into \S+secrets\.yaml\?/.test(one));
    });
    assertUnseen('canary', said);
    assert.deepEqual(Object.values(await valuesOf('secrets.yaml', folder.text('secrets.yaml'), key)), [
      'canary-two',
      'canary-three',
    ]);
    const before = folder.text('secrets.yaml');
    const { document } = await show(folder.uri('secrets.yaml'));
    folder.write('last.json', '{"API_KEY": "canary-four", "x": "canary-five"}');
    await run('importSecrets', { pick: ['secrets.yaml', 'replace'], pickMany: 'all' }, folder.uri('last.json'));
    assert.deepEqual(Object.values(await valuesOf('secrets.yaml', document.getText(), key)), [
      'canary-four',
      'canary-three',
      'canary-five',
    ]);
    assertUnseen('canary', document.getText());
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
  });
});
