import * as vscode from 'vscode';
import { contexts } from '../ids.ts';
import type { Vault } from '../services.ts';
import { stopwatch } from './stopwatch.ts';

/** How often the clock is read: a lock comes at most so much late after the machine woke up. */
const tick = 4000;
/** Longer between two ticks is no busy machine: it slept. */
const slept = 60_000;
/** The steady clock of some systems stands still meanwhile, which shows a shorter sleep. */
const stoodStill = 10_000;
/** How often the window is asked whether it is there, and how long it may take to answer. */
const round = 20_000;
const patience = 60_000;

/**
 * Locks the vault when nobody can be there. VS Code says nothing of a suspend or of a window that is gone, so both are seen by the clock: a
 * machine that slept after it woke up; and a window that does not answer any more, as when a browser was closed, whose extension host
 * a server keeps running for hours.
 */
export function lockWhenAway(vault: Vault): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  let sinceTick = stopwatch();
  let sinceAnswer = stopwatch();
  let asked: ReturnType<typeof stopwatch> | undefined;

  const check = () => {
    clearTimeout(timer);
    if (vault.locked) return;
    const { day, steady } = sinceTick();
    if (Math.max(day, steady) > slept || day - steady > stoodStill) return vault.lock();
    if (asked && most(asked()) > patience) return vault.lock();
    if (!asked && most(sinceAnswer()) > round) ask();
    sinceTick = stopwatch();
    timer = setTimeout(check, tick);
    timer.unref?.();
  };
  /** A question that changes nothing and that only the window can answer. */
  const ask = () => {
    asked = stopwatch();
    const answered = () => {
      asked = undefined;
      sinceAnswer = stopwatch();
    };
    vscode.commands.executeCommand('setContext', contexts.locked, vault.locked).then(answered, answered);
  };
  /** Somebody unlocked: they are there. */
  const restart = () => {
    [sinceTick, sinceAnswer, asked] = [stopwatch(), stopwatch(), undefined];
    check();
  };
  let wasLocked = vault.locked;
  check();
  return vscode.Disposable.from(
    vscode.window.onDidChangeWindowState(check),
    vault.onDidChange(() => {
      if (wasLocked && !vault.locked) restart();
      wasLocked = vault.locked;
    }),
    { dispose: () => clearTimeout(timer) },
  );
}

const most = ({ day, steady }: ReturnType<ReturnType<typeof stopwatch>>) => Math.max(day, steady);
