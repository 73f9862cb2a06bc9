import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../../src/extension/ids.ts';
import { register } from '../../../src/extension/lock/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { realUi } from '../../../src/extension/ui/ui.ts';
import { fake } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('locking', () => {
  let stage: Stage;
  let feature: Feature;
  beforeEach(async () => {
    stage = await makeStage();
    feature = register(stage.services);
  });
  afterEach(() => {
    feature.disposable.dispose();
    stage.end();
  });
  const lock = () => feature.commands[commands.lock]?.();
  /** What is begun by an event is done. */
  const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

  it('takes a copied value off the clipboard, by command and by itself', async () => {
    for (const how of [lock, () => stage.vault.lock()]) {
      await stage.services.clipboard.copy('canary', 'db.password');
      assert.equal(await stage.services.ui.readClipboard(), 'canary');
      await how();
      await soon();
      assert.equal(await stage.services.ui.readClipboard(), '');
      assert.equal(stage.services.clipboard.copied, undefined);
      stage.vault.unlock();
    }
  });

  it('leaves what somebody else copied', async () => {
    await stage.services.clipboard.copy('canary', 'db.password');
    await stage.services.ui.writeClipboard('mine');
    await lock();
    await soon();
    assert.equal(await stage.services.ui.readClipboard(), 'mine');
  });

  it('closes a box with what was typed into it', async () => {
    let box: { value: string } | undefined;
    const none = () => new vscode.Disposable(() => undefined);
    const createInputBox = () => {
      const events = { onDidAccept: none, onDidChangeValue: none, onDidTriggerButton: none, onDidHide: none };
      box = { value: '', ...events, show: none, dispose: none } as never;
      return box;
    };
    Object.assign(vscode.window, { createInputBox });
    const answer = realUi.secret({ title: 'Set a' });
    assert.ok(box);
    box.value = 'canary';
    await lock();
    assert.equal(await answer, undefined);
    assert.equal(box.value, '');
  });

  it('hands out no key, nor is a value written anywhere', async () => {
    await lock();
    assert.equal(stage.vault.locked, true);
    assert.deepEqual(await stage.vault.keysFor(stage.uri(stage.open('x.yaml', ''))).keyring.openers(), []);
    assert.ok(!fake.log.join().includes('canary'));
  });
});
