import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute } from 'node:path';
import type { Environment } from '../../core/env/environment.ts';
import { programOnPath } from '../onpath.ts';

/**
 * The full path of the user's own sops on PATH. A link to this program is passed over. Undefined where there is none, and on Windows, where
 * sops and Node have no kind of socket in common that is for one user alone.
 */
export function sopsOnPath({
  env,
  platform,
}: {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
}): string | undefined {
  if (platform === 'win32') return undefined;
  const own = realOf(process.argv[1]);
  for (const folder of (env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder))) {
    const found = programOnPath('sops', folder);
    if (found !== undefined && realOf(found) !== own) return found;
  }
  return undefined;
}

/** Where a path leads; undefined where it leads nowhere. */
export function realOf(path: string | undefined): string | undefined {
  try {
    return path && realpathSync(path);
  } catch {
    return undefined;
  }
}
