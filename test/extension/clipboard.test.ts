import assert from 'node:assert/strict';
import { createClipboard } from '../../src/extension/clipboard.ts';
import { readSettings } from '../../src/extension/settings.ts';
import { realUi } from '../../src/extension/ui/ui.ts';
import { fake } from '../fakes/vscode.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the clipboard', () => {
  beforeEach(() => {
    fake.reset();
    fake.configure('lockstep.clipboard.clearAfterSeconds', 1);
  });

  it('is cleared after the set time', async () => {
    const clipboard = createClipboard(realUi, readSettings());
    const told: (string | undefined)[] = [];
    clipboard.onDidChange((copied) => told.push(copied?.name));
    await clipboard.copy('canary', 'db.password');
    assert.equal(fake.clipboard, 'canary');
    assert.ok(Math.abs((clipboard.copied?.until ?? 0) - Date.now() - 1000) < 200);
    await sleep(1100);
    assert.equal(fake.clipboard, '');
    assert.deepEqual(told, ['db.password', undefined]);
    assert.equal(clipboard.copied, undefined);
    clipboard.dispose();
  });

  it('keeps what somebody copied meanwhile', async () => {
    const clipboard = createClipboard(realUi, readSettings());
    await clipboard.copy('canary', 'a');
    fake.clipboard = 'a shopping list';
    await clipboard.clear();
    assert.equal(fake.clipboard, 'a shopping list');
    await clipboard.copy('canary', 'a');
    await clipboard.clear();
    assert.equal(fake.clipboard, '');
    fake.clipboard = 'canary';
    await clipboard.clear();
    assert.equal(fake.clipboard, 'canary', 'once cleared, the same text is no business of ours');
    clipboard.dispose();
  });

  it('gives a second value its own time, and holds no value itself', async () => {
    const clipboard = createClipboard(realUi, readSettings());
    await clipboard.copy('canary-1', 'a');
    await sleep(600);
    await clipboard.copy('canary-2', 'b');
    assert.ok(!JSON.stringify(clipboard.copied).includes('canary'));
    await sleep(600);
    assert.equal(fake.clipboard, 'canary-2');
    await sleep(600);
    assert.equal(fake.clipboard, '');
    clipboard.dispose();
  });
});
