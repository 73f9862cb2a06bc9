import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { cleanUp, editorOf, show } from './editors.ts';
import { Folder, ruleFor } from './files.ts';
import { type Key, onlyKey } from './keys.ts';
import { assertUnseen, found, person, run, start, until } from './support.ts';

describe('plain files that should be encrypted', () => {
  let key: Key;

  before(async () => {
    await start();
    key = await onlyKey();
  });
  afterEach(cleanUp);

  const problems = (uri: vscode.Uri) =>
    vscode.languages.getDiagnostics(uri).filter((problem) => problem.source === 'Lockstep');
  const someProblems = (uri: vscode.Uri) =>
    found('the problem', () => (problems(uri).length > 0 ? problems(uri) : undefined));

  for (const [name, text] of [
    ['.env', 'A=canary-a\nB=canary-b\n'],
    ['secrets.yaml', 'a: canary-a\nb: canary-b\n'],
  ] as const) {
    it(`${name}: the problem and its quick fix come and go`, async () => {
      const folder = new Folder({ '.sops.yaml': ruleFor([key.recipient], '(env|secrets\\.yaml)$'), [name]: text });
      const uri = folder.uri(name);
      await show(uri);
      const [problem, ...more] = await someProblems(uri);
      assert.ok(problem && more.length === 0);
      assert.equal(problem.message, '2 values are plaintext. Encrypt this file.');
      assert.equal(problem.severity, vscode.DiagnosticSeverity.Information);
      assert.equal(
        folder.text(name).slice(0, problem.range.end.character).toLowerCase(),
        'a',
        'the name, not the value',
      );
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri,
        problem.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      const fix = actions.find((action) => action.title === 'Encrypt this file');
      assert.ok(fix?.command && fix.isPreferred);
      assertUnseen('canary', problem.message, fix.command);
      await person();
      await vscode.commands.executeCommand(fix.command.command, ...(fix.command.arguments ?? []));
      assertUnseen('canary', folder.text(name));
      await found('the editor comes back', () => editorOf(uri));
      await until('the problem is gone', () => problems(uri).length === 0);
    });
  }

  it('one value less, one in the count less; none, and the problem goes', async () => {
    const folder = new Folder({ '.sops.yaml': ruleFor([key.recipient]), '.env': 'A=canary-a\nB=canary-b\n' });
    const editor = await show(folder.uri('.env'));
    await someProblems(editor.document.uri);
    await editor.edit((edit) => edit.delete(new vscode.Range(1, 0, 2, 0)));
    await until('one', () => problems(editor.document.uri)[0]?.message === '1 value is plaintext. Encrypt this file.');
    await editor.edit((edit) => edit.delete(new vscode.Range(0, 2, 0, 10)));
    await until('none', () => problems(editor.document.uri).length === 0);
  });

  it('leaves alone what no rule chooses, and templates', async () => {
    const files = { 'package.json': '{"a": "x"}\n', '.env.example': 'A=made-up\n', 'a.yaml': 'a: x\n' };
    const folder = new Folder({ '.sops.yaml': ruleFor([key.recipient]), ...files });
    for (const name of Object.keys(files)) {
      await show(folder.uri(name));
      assert.deepEqual(await run('explainFile'), ['There are no secrets in this file.'], name);
      assert.deepEqual(problems(folder.uri(name)), []);
    }
  });

  it('says why, and encrypts from there', async () => {
    const folder = new Folder({ '.sops.yaml': ruleFor([key.recipient]), '.env': 'A=canary-a\n' });
    await show(folder.uri('.env'));
    const [why = ''] = await run('explainFile', { message: 'Encrypt File' });
    assert.match(why, /^The values in .*\.env can be read by everything that can read the file: backups, search/);
    assertUnseen('canary', why, folder.text('.env'));
  });
});
