import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { createClipboard } from '../../src/extension/clipboard.ts';
import { readSettings } from '../../src/extension/settings.ts';
import { realUi } from '../../src/extension/ui/ui.ts';
import { fake } from '../fakes/vscode.ts';

/** Time goes by, and what it started ends. */
async function pass(ms: number): Promise<void> {
  mock.timers.tick(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

describe('the clipboard', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    fake.reset();
    fake.configure('lockstep.clipboard.clearAfterSeconds', 1);
  });
  afterEach(() => mock.timers.reset());

  it('is cleared after the set time', async () => {
    const clipboard = createClipboard(realUi, readSettings());
    const told: (string | undefined)[] = [];
    clipboard.onDidChange((copied) => told.push(copied?.name));
    await clipboard.copy('canary', 'db.password');
    assert.equal(fake.clipboard, 'canary');
    assert.equal(clipboard.copied?.until, Date.now() + 1000);
    await pass(999);
    assert.equal(fake.clipboard, 'canary');
    await pass(1);
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
    await pass(600);
    await clipboard.copy('canary-2', 'b');
    assert.ok(!JSON.stringify(clipboard.copied).includes('canary'));
    await pass(600);
    assert.equal(fake.clipboard, 'canary-2');
    await pass(600);
    assert.equal(fake.clipboard, '');
    clipboard.dispose();
  });
});
