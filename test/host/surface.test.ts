// What every other extension can ask the editor for: none of it holds a value.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { cleanUp, putCursor, show, textsOf } from './editors.ts';
import { Folder, ruleFor, sealed } from './files.ts';
import { type Key, onlyKey } from './keys.ts';
import { assertUnseen, entry, found, run, start } from './support.ts';

const dotenv = 'A=canary-a\nB=canary-b\n';
const yaml = 'db:\n  password: canary-a\n  port: 5432\nlist:\n  - canary-b\n';

describe('surfaces', () => {
  let key: Key;

  before(async () => {
    await start();
    key = await onlyKey();
  });
  afterEach(cleanUp);

  const lensesOf = (uri: vscode.Uri) =>
    vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 1000);
  const hoversAt = (uri: vscode.Uri, at: vscode.Position) =>
    vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, at);
  const textOf = (hovers: readonly vscode.Hover[]) =>
    hovers
      .flatMap((hover) => hover.contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n');

  for (const [name, plain] of [
    ['.env', dotenv],
    ['a.yaml', yaml],
    ['a.json', '{\n  "db": {"password": "canary-a"},\n  "list": ["canary-b", null]\n}\n'],
  ] as const) {
    it(`of an open ${name}: lenses, hovers and problems hold no value`, async () => {
      const folder = new Folder({ [name]: await sealed(name, plain, [key]) });
      const { document } = await show(folder.uri(name));
      const lenses = await lensesOf(document.uri);
      const commands = lenses.map((lens) => lens.command);
      assert.ok(commands.length > 3 && commands.every((command) => command?.command.startsWith('lockstep.')));
      assertUnseen('canary', commands);
      let seen = 0;
      for (let line = 0; line < document.lineCount; line++) {
        const { text } = document.lineAt(line);
        const hover = textOf(await hoversAt(document.uri, new vscode.Position(line, text.indexOf('ENC[') + 1)));
        if (hover.includes('lockstep.copyValue')) seen++;
        assertUnseen('canary', hover, decodeURIComponent(hover));
      }
      assert.equal(seen, name === 'a.yaml' ? 3 : 2, 'hovers with a link to copy');
      assertUnseen(
        'canary',
        vscode.languages.getDiagnostics(document.uri).map((problem) => problem.message),
      );
      assertUnseen('canary', document.getText());
    });
  }

  it('of a plain .env: our own lenses, hovers and problems hold no value either', async () => {
    const folder = new Folder({ '.sops.yaml': ruleFor([key.recipient]), '.env': dotenv });
    const { document } = await show(folder.uri('.env'));
    const lenses = await lensesOf(document.uri);
    assert.match(lenses.map((lens) => lens.command?.title).join('|'), /2 values are plaintext · Encrypt This File/);
    const hover = textOf(await hoversAt(document.uri, new vscode.Position(0, 3)));
    assert.match(hover, /lockstep\.encryptFile/);
    const problems = await found('the problem', () => {
      const found = vscode.languages.getDiagnostics(document.uri);
      return found.length > 0 ? found : undefined;
    });
    assertUnseen(
      'canary',
      lenses.map((lens) => lens.command),
      hover,
      problems.map((problem) => problem.message),
    );
  });

  it('keys of the verbs are no keys of VS Code', async () => {
    const bindings: { key: string }[] =
      vscode.extensions.getExtension('lockstep.lockstep-secrets')?.packageJSON.contributes.keybindings;
    const chords = bindings.map(({ key }) => key).filter((key) => key.startsWith('ctrl+k'));
    assert.ok(chords.length >= 5);
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.parse('vscode://defaultsettings/keybindings.json'),
    );
    const others = [...document.getText().matchAll(/"key": "([^"]+)",\s*"command": "([^"]+)"/g)];
    const taken = others.filter(
      ([, key = '', command = '']) => chords.includes(key) && !command.startsWith('lockstep.'),
    );
    assert.ok(others.length > 500);
    assert.deepEqual(
      taken.map(([, key, command]) => `${key} ${command}`),
      [],
    );
  });

  it('a revealed value is in no document, hover or lens', async () => {
    const folder = new Folder({ '.env': await sealed('.env', dotenv, [key]) });
    const { document } = await show(folder.uri('.env'));
    const ids = [document.uri.toString(), entry('A')];
    const texts = await textsOf(document.uri, async () => {
      assertUnseen('canary', ...(await run('revealValue', {}, ...ids)));
    });
    assert.deepEqual(texts, []);
    assertUnseen(
      'canary',
      document.getText(),
      (await lensesOf(document.uri)).map((lens) => lens.command),
    );
    assertUnseen('canary', textOf(await hoversAt(document.uri, new vscode.Position(0, 3))));
    assertUnseen(
      'canary',
      vscode.workspace.textDocuments.map((one) => one.getText()),
    );
    await run('hideValues');
  });

  it('commands take ids only, of a file that is on the screen', async () => {
    const folder = new Folder({ '.env': await sealed('.env', dotenv, [key]), 'other.txt': 'x\n' });
    const uri = folder.uri('.env').toString();
    await vscode.env.clipboard.writeText('');
    // Nobody looks at it.
    assert.deepEqual(await run('copyValue', {}, uri, entry('A')), ['Open a secret file first.']);
    await show(folder.uri('other.txt'));
    for (const ids of [[uri, entry('A')], [42], [{ uri, id: entry('A') }], ['not a uri', entry('A')]]) {
      await run('copyValue', {}, ...ids);
      await run('revealValue', {}, ...ids);
    }
    assert.equal(await vscode.env.clipboard.readText(), '');
    await show(folder.uri('.env'));
    assert.match((await run('copyValue', {}, uri, entry('NONE'))).join(), /The entry no longer exists/);
  });

  it('copy and more work from the cursor', async () => {
    const folder = new Folder({ 'a.yaml': await sealed('a.yaml', yaml, [key]) });
    const editor = await show(folder.uri('a.yaml'));
    putCursor(editor, 'port');
    assertUnseen('canary', ...(await run('copyValue')));
    assert.equal(await vscode.env.clipboard.readText(), '5432');
    const [menu = ''] = await run('moreActions', { pick: 'Copy Value' });
    assert.match(menu, /^db\.port\n\$\(copy\) Copy Value\n\$\(eye\) Reveal Value\n\$\(edit\) Set Value/);
    await vscode.env.clipboard.writeText('');
  });
});
