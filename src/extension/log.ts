import * as vscode from 'vscode';
import { isOurs } from '../core/errors.ts';
import { showPath } from '../core/tree/path.ts';

/** The output channel *Lockstep*; its level is the user's. */
export function createLog(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel('Lockstep', { log: true });
}

/**
 * An error as it may be logged: our own by code and place; of a foreign one only its name, its errno and where
 * it was thrown. Its message stays out, because nobody knows what it quotes.
 */
export function describeError(error: unknown): string {
  if (isOurs(error)) {
    const { path, offset } = error.place;
    return [error.message, path && `entry ${showPath(path)}`, offset !== undefined && `offset ${offset}`]
      .filter(Boolean)
      .join(', ');
  }
  if (!(error instanceof Error)) return 'unknown failure';
  const errno =
    'code' in error && typeof error.code === 'string' && /^[A-Z_]+$/.test(error.code) ? ` ${error.code}` : '';
  // A message of several lines may look like frames.
  const frames = (error.stack ?? '')
    .replace(error.message, '')
    .split('\n')
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
  return [`${error.name}${errno}`, ...frames].join('\n');
}
