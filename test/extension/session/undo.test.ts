import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { guardUndo } from '../../../src/extension/session/undo.ts';
import { fake } from '../../fakes/vscode.ts';

const sealed = 'A=ENC[AES256_GCM,data:x]\nsops_mac=x\n';

describe('the guard over undo', () => {
  const redone = () => fake.executed.filter(([id]) => id === 'redo').length;

  it('takes back an undo that brings plain text, until the document is closed', () => {
    fake.reset();
    const plain = fake.open('/w/.env', 'A=canary\n');
    const uri = plain.document.uri as unknown as vscode.Uri;
    guardUndo(uri, 'dotenv');
    const change = (document: object, reason?: number) =>
      fake.events.changeDocument.fire({ document: document as never, contentChanges: [], reason });
    change(plain.document);
    assert.equal(redone(), 0, 'typing is no undo');
    change(fake.open('/w/other.env', 'A=1\n').document, 1);
    assert.equal(redone(), 0, 'another file');
    change({ uri, getText: () => sealed }, 1);
    assert.equal(redone(), 0, 'an undo from one ciphertext to another');
    change(plain.document, 1);
    assert.equal(redone(), 1);
    fake.close(plain);
    change(plain.document, 1);
    assert.equal(redone(), 1);
  });
});
