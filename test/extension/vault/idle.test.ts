import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { readSettings } from '../../../src/extension/settings.ts';
import { lockWhenIdle, noteActivity } from '../../../src/extension/vault/idle.ts';
import { createVault } from '../../../src/extension/vault/vault.ts';
import { FakeDocument, fake, fakeContext } from '../../fakes/vscode.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const minutes = (ms: number) => ms / 60_000;

describe('the idle lock', () => {
  const start = (ms: number) => {
    fake.reset();
    fake.configure('lockstep.lock.afterIdleMinutes', minutes(ms));
    const secrets = fakeContext().secrets as unknown as vscode.SecretStorage;
    const vault = createVault(secrets, { now: () => new Date() });
    const idle = lockWhenIdle(vault, readSettings());
    return { vault, idle };
  };

  it('comes when nobody does anything, and again after an unlock', async () => {
    const { vault, idle } = start(100);
    await sleep(250);
    assert.equal(vault.locked, true);
    vault.unlock();
    assert.equal(vault.locked, false);
    await sleep(250);
    assert.equal(vault.locked, true);
    idle.dispose();
  });

  it('waits while somebody types, but not for an output channel', async () => {
    const { vault, idle } = start(400);
    const document = new FakeDocument('/a', '');
    for (let n = 0; n < 8; n++) {
      await sleep(100);
      fake.events.changeDocument.fire({ document, contentChanges: [] });
    }
    assert.equal(vault.locked, false);
    for (let n = 0; n < 8; n++) {
      await sleep(100);
      noteActivity();
    }
    assert.equal(vault.locked, false, 'work in a webview counts, too');
    const output = new FakeDocument(document.uri.with({ scheme: 'output' }), '');
    for (let n = 0; n < 8; n++) {
      await sleep(100);
      fake.events.changeDocument.fire({ document: output, contentChanges: [] });
    }
    assert.equal(vault.locked, true);
    idle.dispose();
  });

  it('comes at once when a sleeping machine wakes up too late', async () => {
    const { vault, idle } = start(60_000);
    const now = Date.now;
    Date.now = () => now() + 120_000;
    try {
      fake.events.windowState.fire({ focused: true, active: true });
    } finally {
      Date.now = now;
    }
    assert.equal(vault.locked, true);
    idle.dispose();
  });

  it('never comes with 0', async () => {
    const { vault, idle } = start(0);
    await sleep(100);
    fake.events.windowState.fire({ focused: true, active: true });
    assert.equal(vault.locked, false);
    idle.dispose();
  });
});
