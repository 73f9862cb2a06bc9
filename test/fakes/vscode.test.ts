import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { FakeDocument, fake } from './vscode.ts';

describe('fake vscode', () => {
  afterEach(() => fake.reset());

  it('counts offsets as VS Code does', () => {
    const document = new FakeDocument('/a.txt', 'one\r\ntwo\nthree');
    assert.equal(document.lineCount, 3);
    for (const offset of [0, 3, 5, 8, 9, 14]) assert.equal(document.offsetAt(document.positionAt(offset)), offset);
    assert.deepEqual(document.positionAt(4), document.positionAt(3), 'inside a line break is the end of the line');
    assert.equal(document.getText(document.lineAt(1).range), 'two');
    assert.equal(document.offsetAt(document.positionAt(99)), 14);
  });

  it('is what `vscode` means here, with real ranges', () => {
    const range = new vscode.Range(2, 5, 0, 1);
    assert.deepEqual([range.start.line, range.end.line], [0, 2]);
    assert.ok(range.contains(new vscode.Position(1, 99)));
    assert.equal(range.intersection(new vscode.Range(3, 0, 4, 0)), undefined);
    assert.equal(vscode.Uri.parse(String(vscode.Uri.file('/a b/c#d.yaml'))).scheme, 'file');
  });

  it('applies edits counted in the text before them', async () => {
    const editor = fake.open('/a.txt', 'abc def');
    const edit = new vscode.WorkspaceEdit();
    edit.replace(vscode.Uri.file('/a.txt'), new vscode.Range(0, 0, 0, 3), 'longer');
    edit.replace(vscode.Uri.file('/a.txt'), new vscode.Range(0, 4, 0, 7), 'x');
    const seen: number[] = [];
    vscode.workspace.onDidChangeTextDocument((event) => seen.push(event.contentChanges.length));
    await vscode.workspace.applyEdit(edit);
    assert.equal(editor.document.getText(), 'longer x');
    assert.deepEqual(seen, [2]);
  });

  it('puts arguments into texts', () => {
    assert.equal(vscode.l10n.t('{0} of {1}', 1, 2), '1 of 2');
    assert.equal(vscode.l10n.t('{name}', { name: 'n' }), 'n');
  });
});
