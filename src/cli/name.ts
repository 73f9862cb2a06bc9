import { basename } from 'node:path';
import type { Environment } from '../core/env/environment.ts';

/** The name under which the command line was started. */
export type ProgramName = 'lockstep' | 'sops';

/**
 * `sops` for a link or a copy of that name, so that programs that start `sops` find in it what they look for; else `lockstep`.
 * LOCKSTEP_NAME says it where a wrapper hides the name, as on Windows.
 * @param script the path that was started, as typed: `process.argv[1]`.
 */
export function programName(script: string | undefined, env: Environment): ProgramName {
  const name = env.LOCKSTEP_NAME ?? basename(script ?? '').replace(/\.[cm]?js$/, '');
  return name === 'sops' ? 'sops' : 'lockstep';
}

/** The flag that age starts a plugin with. */
export const pluginFlag = '--age-plugin=';

/** Whether this is `age-plugin-lockstep`, started by age or by a program that has age built in; under any name, which Windows may hide. */
export const isAgePlugin = (argv: readonly string[]) => argv.length === 1 && argv[0]?.startsWith(pluginFlag) === true;

/** One of our texts, with the commands in it as they have to be typed under this name. */
export function spoken(text: string, name: ProgramName): string {
  return name === 'sops' ? text.replace(/\blockstep (?=[-a-zA-Z])/g, 'sops ') : text;
}
