import { mkdirSync, statSync } from 'node:fs';
import * as loader from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/**
 * Lets Node keep the compiled program, which saves a third of the time that a small file takes. Node 22.1 and newer can; older ones
 * compile it each time. The folder is for this user alone: Node would take a folder among the temporary files, where others
 * could put a program of theirs. What is kept is code, never what it worked on.
 */
export function compileCache(): void {
  const { enableCompileCache } = loader as { enableCompileCache?: (folder: string) => unknown };
  const folder = cacheFolder();
  if (!enableCompileCache || folder === undefined) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (isOurs(folder) && isOurs(dirname(folder))) enableCompileCache(folder);
  } catch {
    // A home that cannot be written to: then it is compiled each time.
  }
}

/** Where programs of this user keep what can be made again; undefined where there is no such place. */
function cacheFolder(): string | undefined {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const named = process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME;
  const usual = { darwin: ['Library', 'Caches'], win32: ['AppData', 'Local'] }[process.platform as string] ?? [
    '.cache',
  ];
  const base = named && isAbsolute(named) ? named : join(homedir(), ...usual);
  return isAbsolute(base) ? join(base, 'lockstep') : undefined;
}

/** Whether nobody but this user, or root, can have written there. Windows has no modes: there the folder of a user is closed to others. */
function isOurs(folder: string): boolean {
  if (process.platform === 'win32') return true;
  const { uid, mode } = statSync(folder);
  return (uid === process.geteuid?.() || uid === 0) && (mode & 0o022) === 0;
}
