import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('host', () => {
  it('finds the extension and activates it', async () => {
    const extension = vscode.extensions.getExtension('lockstep.lockstep-secrets');
    assert.ok(extension, 'the extension is not there');
    await extension.activate();
    assert.equal(extension.isActive, true);
    assert.equal(extension.exports, undefined);
  });

  it('has a workspace folder of its own', () => {
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
    assert.equal(vscode.workspace.isTrusted, true);
  });
});
