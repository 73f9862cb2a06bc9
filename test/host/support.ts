// What the tests in the host share: the extension, and the stand-in for the person in front of it.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type CommandId, commands } from '../../src/extension/ids.ts';
import { type Script, scriptsKey } from '../../src/extension/testing.ts';
import { until as untilTrue } from '../e2e/wait.ts';

type Answers = Omit<Script, 'asked'>;

/** A machine with much else to do has taken a third of that for what takes one alone. */
const patience = 60;

/** Waits until the condition says true. */
export const until = (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
  untilTrue(holds, what, patience * 1000);

/** Reads again and again while there is nothing, which is undefined and no other value, and returns what there is. */
export async function found<T>(
  what: string,
  read: () => T | undefined | Promise<T | undefined>,
  seconds = patience,
): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ; ) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Starts the extension, once, and keeps it from asking questions that no test waits for. */
export async function start(): Promise<void> {
  await vscode.extensions.getExtension('lockstep.lockstep-secrets')?.activate();
  await until('the stand-in for dialogs', async () => (await vscode.commands.getCommands()).includes('lockstep._test'));
  await vscode.workspace.getConfiguration('lockstep').update('offerSetUp', false, vscode.ConfigurationTarget.Global);
  await unlock();
}

/**
 * From now on this person answers; returns what they are asked and told, as it comes. They are there, so what only a person can
 * say they say, unless `gesture` tells otherwise.
 */
export async function person(answers: Answers = {}): Promise<string[]> {
  const asked: string[] = [];
  const holder = globalThis as { [scriptsKey]?: Record<string, Script> };
  holder[scriptsKey] ??= {};
  const scripts = holder[scriptsKey];
  // Getters stay getters: an answer may do something first.
  scripts.now = Object.defineProperties(
    {},
    {
      gesture: { value: true },
      ...Object.getOwnPropertyDescriptors(answers),
      asked: { value: asked },
    },
  );
  await vscode.commands.executeCommand('lockstep._test', 'now');
  return asked;
}

/** Runs a command with a person's answers; returns what they were asked and told. A command returns nothing. */
export async function run(id: keyof typeof commands, answers: Answers = {}, ...args: unknown[]): Promise<string[]> {
  const asked = await person(answers);
  assert.equal(await vscode.commands.executeCommand(commands[id] satisfies CommandId, ...args), undefined);
  return asked;
}

export const unlock = () => run('unlock');

/** The id of an entry of a file's first document. */
export const entry = (...path: (string | number)[]): string => JSON.stringify([0, ...path]);

/** Nothing of these texts holds the word, which is long enough that base64 does not hold it by chance. */
export function assertUnseen(canary: string, ...texts: unknown[]): void {
  assert.ok(canary.length > 5, canary);
  for (const text of texts) {
    const shown = typeof text === 'string' ? text : JSON.stringify(text);
    assert.ok(!shown?.includes(canary), `a value is in: ${shown}`);
  }
}
