import { isAbsolute, join } from 'node:path';
import type { Environment } from '../../core/env/environment.ts';

/** Where a person says how managers are asked; undefined for a user without a place for it. Never in a workspace. */
export function managersFile(env: Environment, home: string, platform: NodeJS.Platform): string | undefined {
  const named = platform === 'win32' ? env.APPDATA : env.XDG_CONFIG_HOME;
  const folder = named && isAbsolute(named) ? named : home && isAbsolute(home) ? join(home, '.config') : undefined;
  return folder && join(folder, 'lockstep', 'managers.yaml');
}
