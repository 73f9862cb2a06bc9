import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Io } from '../io.ts';

/**
 * Before anything else is done: a change of many files that was not ended is finished, or everything is put back, and a person is
 * told which. It is looked for from the current folder and from that of the first operand upward, as far as git's root.
 */
export async function settleUnfinished(io: Io, file: string | undefined): Promise<void> {
  const starts = new Set([io.cwd, ...(file === undefined ? [] : [dirname(resolve(io.cwd, file))])]);
  const roots = new Set([...starts].flatMap(rootsAbove));
  // Few runs find one.
  for (const root of roots) await (await import('./recovering.ts')).recoverIn(io, root);
}

function rootsAbove(folder: string): string[] {
  const found: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.lockstep', 'journal'))) found.push(at);
    if (existsSync(join(at, '.git')) || dirname(at) === at) return found;
  }
}
