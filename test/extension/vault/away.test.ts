import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type * as vscode from 'vscode';
import { lockWhenAway } from '../../../src/extension/vault/away.ts';
import { commands, fake, fakeContext } from '../../fakes/vscode.ts';
import { vaultOn } from './windows.ts';

describe('a vault whose person is away', () => {
  const real = { day: Date.now, steady: performance.now, executeCommand: commands.executeCommand };
  let [day, steady] = [0, 0];
  let answers = true;
  let asked = 0;
  let waiting: (() => void)[] = [];
  let vault: ReturnType<typeof vaultOn>;
  let away: vscode.Disposable;
  beforeEach(() => {
    fake.reset();
    mock.timers.enable({ apis: ['setTimeout'] });
    [day, steady, answers, asked, waiting] = [Date.UTC(2026, 0, 1), 0, true, 0, []];
    Date.now = () => day;
    performance.now = () => steady;
    commands.executeCommand = ((id: string) => {
      assert.equal(id, 'setContext');
      asked++;
      return answers ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve));
    }) as typeof commands.executeCommand;
    vault = vaultOn(fakeContext().secrets);
    away = lockWhenAway(vault);
  });
  afterEach(() => {
    away.dispose();
    Date.now = real.day;
    performance.now = real.steady;
    commands.executeCommand = real.executeCommand;
    mock.timers.reset();
  });
  const pass = async (ms: number) => {
    for (let gone = 0; gone < ms; gone += 1000) {
      day += 1000;
      steady += 1000;
      mock.timers.tick(1000);
      await Promise.resolve();
    }
  };

  it('is locked within five seconds after a machine woke up, by either clock', async () => {
    for (const sleep of [
      () => (day += 15_000),
      () => (day += 8 * 3600_000),
      () => ([day, steady] = [day + 90_000, steady + 90_000]),
    ]) {
      vault.unlock();
      await pass(60_000);
      assert.equal(vault.locked, false);
      sleep();
      await pass(5000);
      assert.equal(vault.locked, true);
    }
  });

  it('is locked before anything else happens in a window that wakes up', () => {
    day += 60_000;
    fake.events.windowState.fire({ focused: true, active: true });
    assert.equal(vault.locked, true);
  });

  it('stays open on a busy machine, and when the clock of the day is set back', async () => {
    [day, steady] = [day + 30_000, steady + 30_000];
    await pass(5000);
    day -= 3600_000;
    await pass(5000);
    assert.equal(vault.locked, false);
  });

  it('is locked when the window answers no more, as after a browser was closed', async () => {
    await pass(120_000);
    assert.equal(vault.locked, false);
    assert.ok(asked >= 3 && asked <= 7, `asked ${asked} times`);
    answers = false;
    await pass(50_000);
    assert.equal(vault.locked, false);
    await pass(40_000);
    assert.equal(vault.locked, true);
    // The window comes back, and the person unlocks.
    answers = true;
    for (const answer of waiting) answer();
    vault.unlock();
    await pass(120_000);
    assert.equal(vault.locked, false);
  });

  it('asks nobody anything while it is locked', async () => {
    vault.lock();
    const before = asked;
    await pass(120_000);
    assert.equal(asked, before);
  });
});
