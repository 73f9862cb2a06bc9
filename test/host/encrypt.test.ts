import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import * as vscode from 'vscode';
import { cleanUp, editorOf, show, textsOf, undo } from './editors.ts';
import { Folder, ruleFor, valuesOf } from './files.ts';
import { type Key, newKey, onlyKey } from './keys.ts';
import { assertUnseen, found, run, start, until } from './support.ts';

describe('encrypt in place', () => {
  let key: Key;

  before(async () => {
    await start();
    key = await onlyKey();
  });
  afterEach(cleanUp);

  const folderWith = (files: Record<string, string>) =>
    new Folder({ '.sops.yaml': ruleFor([key.recipient]), ...files });

  /** Undo as often as somebody might press it: no plain text at any moment. */
  async function assertUndoIsSafe(folder: Folder, name: string): Promise<void> {
    const { document } = await found('the editor comes back', () => editorOf(folder.uri(name)));
    const text = document.getText();
    const seen = await textsOf(folder.uri(name), async () => {
      for (let n = 0; n < 4; n++) await undo();
    });
    assertUnseen('canary', ...seen, document.getText());
    assert.equal(document.getText(), text);
    assert.equal(document.isDirty, false);
  }

  const shapes: Record<string, readonly [name: string, text: string]> = {
    'a .env with comments, quotes and empty lines': ['.env', '# a reason\n\nA="canary one"\n\nB=canary=two\n#C=3\n'],
    'a .env without a last line end': ['.env', 'A=canary-a\nB=canary-b'],
    'YAML with comments, order, styles and lists': [
      'a.yaml',
      "# top\nz: 'canary-a' # a reason\na:\n    - canary-b\n    - {x: 1, y: true}\n\nblock: |\n    canary-c\n    line\nn: 16\n",
    ],
    'YAML with CRLF': ['a.yaml', 'a: canary-a\r\nb:\r\n  - canary-b # a reason\r\n'],
    'YAML of several documents': ['a.yaml', 'a: canary-a\n---\nb: canary-b\n'],
    'INI with sections, comments, quotes and CRLF': [
      'a.ini',
      'top=canary-a\r\n; a reason\r\n[db]\r\nuser  = canary-b ; a reason\r\n"pass" = `canary # c`\r\n\r\n[db]\r\nk:canary\r\n',
    ],
    'JSON with its own indentation': ['a.json', '{\n\t"z": "canary-a",\n\t"a": [1, "canary-b", null, true]\n}\n'],
    'JSON with CRLF and without a last line end': ['a.json', '{\r\n  "a": "canary-a",\r\n  "b": 1.5\r\n}'],
  };
  for (const [title, [name, text]] of Object.entries(shapes)) {
    it(`${title}: decrypted again, not a byte is another`, async () => {
      const folder = folderWith({ [name]: text });
      const { document } = await show(folder.uri(name));
      const said = await run('encryptFile');
      // What a program that loads the file would read otherwise is told by its name.
      const quoted = name === '.env' && text.includes('"');
      assert.equal(said.length, quoted ? 1 : 0, said.join('\n'));
      if (quoted)
        assert.match(said[0] ?? '', /Programs that load a \.env file read these differently: A \(quotes\)\.$/);
      assert.equal(document.isClosed, true);
      assertUnseen('canary', folder.text(name));
      assertUnseen('a reason', folder.text(name));
      await valuesOf(name, folder.text(name), key);
      await assertUndoIsSafe(folder, name);
      await run('decryptFile', { choose: 'Decrypt File' });
      assert.equal(folder.text(name), text.endsWith('\n') || name.endsWith('.json') ? text : `${text}\n`);
    });
  }

  it('takes the unsaved text of the editor', async () => {
    const folder = folderWith({ '.env': 'A=canary-a\n' });
    const editor = await show(folder.uri('.env'));
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), 'B=canary-b\n'));
    assert.equal(await editor.document.save(), true);
    await editor.edit((edit) => edit.insert(new vscode.Position(2, 0), 'C=canary-c\n'));
    await run('encryptFile');
    const values = await valuesOf('.env', folder.text('.env'), key);
    assert.deepEqual(Object.values(values), ['canary-a', 'canary-b', 'canary-c']);
    await assertUndoIsSafe(folder, '.env');
  });

  it('gives every split its editor back', async () => {
    const folder = folderWith({ '.env': 'A=canary-a\n', 'b.txt': 'b\n' });
    const uri = folder.uri('.env');
    await show(uri);
    await show(folder.uri('b.txt'), { viewColumn: vscode.ViewColumn.Two });
    const editor = await show(uri, { viewColumn: vscode.ViewColumn.Two });
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# canary\n'));
    await run('encryptFile');
    const columns = vscode.window.tabGroups.all.flatMap(({ tabs, viewColumn }) =>
      tabs.flatMap(({ input }) =>
        input instanceof vscode.TabInputText && input.uri.toString() === uri.toString() ? [viewColumn] : [],
      ),
    );
    assert.deepEqual(columns, [1, 2]);
    assertUnseen('canary', folder.text('.env'));
    await until('the focus is back in the second', () => editorOf(uri)?.viewColumn === vscode.ViewColumn.Two);
    await assertUndoIsSafe(folder, '.env');
  });

  it('takes an undo back when something else keeps the document', async () => {
    const folder = folderWith({ '.env': 'A=canary-a\n' });
    const uri = folder.uri('.env');
    // This makes VS Code hold the document for minutes.
    await vscode.workspace.openTextDocument(uri);
    const editor = await show(uri);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# canary\n'));
    await editor.document.save();
    const asked = await run('encryptFile');
    assertUnseen('canary', folder.text('.env'));
    const { document } = await found('the encrypted text', () => {
      const now = editorOf(uri);
      return now?.document.getText().includes('sops_mac') ? now : undefined;
    });
    const sealed = document.getText();
    await undo();
    await until('the encrypted text again', () => document.getText() === sealed);
    assert.ok(document.isClosed || asked.some((one) => /keeps its old text in memory\. Reload the window/.test(one)));
  });

  it('several files from the explorer; one that cannot be encrypted does not hold up the rest', async () => {
    const folder = folderWith({ 'a.env': 'A=canary\n', 'b.yaml': 'b: [canary\n', 'c.json': '{"c": "canary"}\n' });
    const uris = ['a.env', 'b.yaml', 'c.json'].map((name) => folder.uri(name));
    const asked = await run('encryptFile', {}, uris[0], uris);
    assertUnseen('canary', folder.text('a.env'), folder.text('c.json'), ...asked);
    assert.equal(folder.text('b.yaml'), 'b: [canary\n');
    assert.equal(asked.length, 2);
    assert.match(asked[1] ?? '', /^2 files are encrypted: .*a\.env, .*c\.json\.$/);
    assert.match(asked[0] ?? '', /b\.yaml: line \d: .*syntax error/);
    assert.deepEqual(readdirSync(folder.path).sort(), ['.sops.yaml', 'a.env', 'b.yaml', 'c.json']);
  });

  it('needs a rule', async () => {
    const folder = new Folder({ '.sops.yaml': ruleFor([key.recipient], '^other$'), '.env': 'A=canary\n' });
    const asked = await run('encryptFile', {}, folder.uri('.env'));
    assert.match(asked.join(), /^Encrypt .*\.env\n\$\(file\) Only .*\.env\n/);
    assert.equal(folder.text('.env'), 'A=canary\n');
  });

  it('asks before it encrypts for others only', async () => {
    const other = await newKey();
    const folder = new Folder({ '.sops.yaml': ruleFor([other.recipient]), '.env': 'A=canary\n' });
    const asked = await run('encryptFile', {}, folder.uri('.env'));
    assert.match(
      asked.join(),
      /You will not be able to read .*\.env\.\nThe rule in \.sops\.yaml encrypts it for another key/,
    );
    assert.equal(folder.text('.env'), 'A=canary\n');
    await run('encryptFile', { confirm: true }, folder.uri('.env'));
    assert.deepEqual(Object.values(await valuesOf('.env', folder.text('.env'), other)), ['canary']);
  });

  it('does not encrypt twice', async () => {
    const folder = folderWith({ '.env': 'A=canary\n' });
    await run('encryptFile', {}, folder.uri('.env'));
    const once = folder.text('.env');
    const asked = await run('encryptFile', {}, folder.uri('.env'));
    assert.match(asked.join(), /\.env: The file is already encrypted/);
    assert.equal(folder.text('.env'), once);
  });

  it('never touches .sops.yaml', async () => {
    const folder = folderWith({});
    const before = folder.text('.sops.yaml');
    assert.match((await run('encryptFile', {}, folder.uri('.sops.yaml'))).join(), /is never encrypted/);
    assert.equal(folder.text('.sops.yaml'), before);
  });
});
