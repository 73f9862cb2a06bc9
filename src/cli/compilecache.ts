import { existsSync, mkdirSync, statSync } from 'node:fs';
import * as loader from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** What is asked of the machine; tests stand in for it. */
interface Machine {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Node's own `module.enableCompileCache`, of Node 22.1 and newer. */
  readonly enable: ((folder: string) => unknown) | undefined;
}

const here = (): Machine => ({
  platform: process.platform,
  env: process.env,
  home: homedir(),
  enable: (loader as { enableCompileCache?: (folder: string) => unknown }).enableCompileCache,
});

/**
 * Lets Node keep the compiled program, which saves a third of the time that a small file takes. Node 20 compiles it each time. The
 * folder is one that only this user can write to: by default Node takes one among the temporary files, where others could
 * put a program of theirs. What is kept is code, never what it worked on. Never throws.
 */
export function compileCache({ platform, env, home, enable }: Machine = here()): void {
  const folder = cacheFolder(platform, env, home);
  if (!enable || folder === undefined) return;
  try {
    // Not `recursive`: where there is no home none is made.
    for (const one of [dirname(folder), folder]) if (!existsSync(one)) mkdirSync(one, { mode: 0o700 });
    // Windows has no modes: the folders of a user are closed to others there.
    if (platform === 'win32' || (isOurs(folder) && isOurs(dirname(folder)))) enable(folder);
  } catch {
    // A home that cannot be written to: then it is compiled each time.
  }
}

/** Where programs of this user keep what can be made again; undefined where there is no such place. */
function cacheFolder(platform: string, env: Machine['env'], home: string): string | undefined {
  const named = platform === 'win32' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME;
  const usual = { darwin: ['Library', 'Caches'], win32: ['AppData', 'Local'] }[platform] ?? ['.cache'];
  const base = named && isAbsolute(named) ? named : join(home, ...usual);
  return isAbsolute(base) ? join(base, 'lockstep') : undefined;
}

/** Whether nobody but this user, or root, can have written there. */
function isOurs(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  return (uid === process.geteuid?.() || uid === 0) && (mode & 0o022) === 0;
}
