import { isAbsolute, join } from 'node:path';
import type { Environment } from '../../core/env/environment.ts';

/**
 * The folder of the command line's access log: what programs of this user keep that cannot be made again. Undefined where there is no
 * such place.
 */
export function stateFolder(env: Environment, home: string, platform: NodeJS.Platform): string | undefined {
  const named = platform === 'win32' ? env.LOCALAPPDATA : env.XDG_STATE_HOME;
  if (named && isAbsolute(named)) return join(named, 'lockstep');
  if (!home || !isAbsolute(home)) return undefined;
  const usual = { darwin: ['Library', 'Application Support'], win32: ['AppData', 'Local'] } as const;
  const folders = platform === 'darwin' || platform === 'win32' ? usual[platform] : ['.local', 'state'];
  return join(home, ...folders, 'lockstep');
}
