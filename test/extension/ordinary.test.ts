import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { readOrdinary } from '../../src/extension/ordinary.ts';
import { itUnless, windows } from '../skip.ts';
import { makeStage, type Stage } from './session/session.ts';

describe('files of a repository that nobody looked at', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
  });
  afterEach(() => stage.end());
  const at = (name: string) => vscode.Uri.file(join(stage.folder, name));

  it('are read when they are ordinary and not too large', async () => {
    stage.write('a', 'text');
    symlinkSync(join(stage.folder, 'a'), join(stage.folder, 'b'));
    for (const name of ['a', 'b']) assert.equal(Buffer.from(await readOrdinary(at(name), 4)).toString(), 'text');
    await assert.rejects(readOrdinary(at('a'), 3), { code: 'TOO_LARGE' });
    await assert.rejects(readOrdinary(at('none'), 3));
  });

  itUnless(windows, 'are left alone when they lead to a device that never ends', async () => {
    symlinkSync('/dev/zero', join(stage.folder, '.sops.yaml'));
    await assert.rejects(readOrdinary(at('.sops.yaml'), 100), { code: 'NOT_A_FILE' });
    await assert.rejects(stage.services.rules.find(at('a.yaml')), { code: 'NOT_A_FILE' });
    await assert.rejects(readOrdinary(vscode.Uri.file(stage.folder), 100), { code: 'NOT_A_FILE' });
  });
});
