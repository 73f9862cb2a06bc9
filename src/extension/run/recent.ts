import type * as vscode from 'vscode';
import { faultOf, type RunDefinition } from './definition.ts';

/** A program to run with secrets. */
export interface Runnable {
  readonly name: string;
  readonly definition: RunDefinition;
  /** Variables that a task of tasks.json sets besides; no secrets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly problemMatchers?: readonly string[];
}

/** In the workspace's state: what was run last, by folder. Names and command lines. */
const stateKey = 'lockstep.run.last';
const most = 3;

type Kept = Readonly<Record<string, readonly Runnable[]>>;

/** What was run last in a folder, the latest first. */
export function lastRun(state: vscode.Memento, folder: vscode.Uri): readonly Runnable[] {
  const kept = state.get<Kept>(stateKey)?.[folder.toString()];
  return Array.isArray(kept) ? kept.filter(isRunnable) : [];
}

/** An earlier version of ours may have kept something else. */
const isRunnable = (one: Runnable): boolean =>
  typeof one?.name === 'string' && typeof one.definition === 'object' && faultOf(one.definition) === undefined;

export async function remember(state: vscode.Memento, folder: vscode.Uri, run: Runnable): Promise<void> {
  const others = lastRun(state, folder).filter(({ name }) => name !== run.name);
  const kept = { ...state.get<Kept>(stateKey), [folder.toString()]: [run, ...others].slice(0, most) };
  await state.update(stateKey, kept);
}
