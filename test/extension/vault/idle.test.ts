import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type * as vscode from 'vscode';
import { readSettings } from '../../../src/extension/settings.ts';
import { lockWhenIdle, noteActivity } from '../../../src/extension/vault/idle.ts';
import { createVault } from '../../../src/extension/vault/vault.ts';
import { FakeDocument, fake, fakeContext, window } from '../../fakes/vscode.ts';

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

  describe('by the clock', () => {
    const minute = 60_000;
    const real = { day: Date.now, steady: performance.now };
    let day = 0;
    let steady = 0;
    beforeEach(() => {
      mock.timers.enable({ apis: ['setTimeout'] });
      [day, steady] = [Date.UTC(2026, 0, 1), 0];
      Date.now = () => day;
      performance.now = () => steady;
    });
    afterEach(() => {
      Date.now = real.day;
      performance.now = real.steady;
      mock.timers.reset();
    });
    /** Time goes by, second by second. */
    const pass = (ms: number) => {
      for (let gone = 0; gone < ms; gone += 1000) {
        day += 1000;
        steady += 1000;
        mock.timers.tick(1000);
      }
    };
    const typed = () => {
      const document = new FakeDocument('/a', '');
      document.isDirty = true;
      fake.events.changeDocument.fire({ document, contentChanges: [] });
    };

    it('comes when nobody does anything, and again after an unlock', () => {
      const { vault, idle } = start(minute);
      pass(minute + 5000);
      assert.equal(vault.locked, true);
      vault.unlock();
      assert.equal(vault.locked, false);
      pass(minute + 5000);
      assert.equal(vault.locked, true);
      idle.dispose();
    });

    it('waits while somebody types, but not for an output channel', () => {
      const { vault, idle } = start(minute);
      for (let n = 0; n < 8; n++) {
        pass(minute / 4);
        typed();
      }
      assert.equal(vault.locked, false);
      for (let n = 0; n < 8; n++) {
        pass(minute / 4);
        noteActivity();
      }
      assert.equal(vault.locked, false, 'work in a webview counts, too');
      const document = new FakeDocument('/a', '');
      const output = new FakeDocument(document.uri.with({ scheme: 'output' }), '');
      for (let n = 0; n < 8; n++) {
        pass(minute / 4);
        fake.events.changeDocument.fire({ document: output, contentChanges: [] });
      }
      assert.equal(vault.locked, true);
      idle.dispose();
    });

    it('never comes with 0', () => {
      const { vault, idle } = start(0);
      pass(60 * minute);
      fake.events.windowState.fire({ focused: true, active: true });
      assert.equal(vault.locked, false);
      idle.dispose();
    });

    it('comes within five seconds of its time, counted from the last thing that somebody did', () => {
      const { vault, idle } = start(10 * minute);
      pass(9 * minute + 57_000);
      typed();
      pass(10 * minute - 1000);
      assert.equal(vault.locked, false);
      pass(6000);
      assert.equal(vault.locked, true);
      idle.dispose();
    });

    it('comes within five seconds after a machine woke up, with nobody there', () => {
      const { vault, idle } = start(10 * minute);
      pass(minute);
      // While it sleeps no timer runs, and the steady clock stands still.
      day += 60 * minute;
      assert.equal(vault.locked, false);
      pass(5000);
      assert.equal(vault.locked, true);
      idle.dispose();
    });

    it('does not take what somebody does after that for a sign that nobody was away', () => {
      const { vault, idle } = start(10 * minute);
      day += 60 * minute;
      typed();
      assert.equal(vault.locked, true);
      idle.dispose();
    });

    it('comes in time when the clock of the day is set back', () => {
      const { vault, idle } = start(10 * minute);
      pass(minute);
      day -= 60 * minute;
      pass(9 * minute + 5000);
      assert.equal(vault.locked, true);
      idle.dispose();
    });

    it('comes to each window in its own time, and not later for what happens where nobody is', () => {
      const first = start(10 * minute);
      pass(4 * minute);
      const secrets = fakeContext().secrets as unknown as vscode.SecretStorage;
      const vault = createVault(secrets, { now: () => new Date() });
      const idle = lockWhenIdle(vault, readSettings());
      pass(6 * minute + 5000);
      assert.deepEqual([first.vault.locked, vault.locked], [true, false]);
      window.state.focused = false;
      typed();
      fake.events.selection.fire({});
      pass(4 * minute);
      window.state.focused = true;
      assert.equal(vault.locked, true);
      first.idle.dispose();
      idle.dispose();
    });

    it('does not wait for a file that another program writes', () => {
      const { vault, idle } = start(10 * minute);
      for (let n = 0; n < 11; n++) {
        pass(minute);
        fake.events.changeDocument.fire({ document: new FakeDocument('/log', ''), contentChanges: [] });
      }
      assert.equal(vault.locked, true);
      idle.dispose();
    });
  });
});
