import * as data from './data.ts';
import * as env from './env.ts';
import type { TargetName } from './names.ts';
import { shell } from './shell.ts';
import * as systems from './systems.ts';
import { byteLength, type Outgoing, type Problem, type Target, type WriteOptions } from './target.ts';
import { dotenvx, tokens } from './tokens.ts';

/** What other systems read. */
const targets: Readonly<Record<TargetName, Target>> = {
  dotenv: env.dotenv,
  python: env.pythonDotenv,
  compose: env.composeEnv,
  docker: env.docker,
  systemd: env.systemd,
  shell,
  json: data.json,
  yaml: data.yaml,
  kubernetes: data.kubernetes,
  'compose-secrets': data.composeSecrets,
  kestra: systems.kestra,
  'kestra-macro': systems.kestraMacro,
  anvil: data.anvil,
  github: systems.github,
  gitlab: data.gitlab,
  tfvars: systems.tfvars,
  flet: tokens,
  fernet: tokens,
  dotenvx,
};

/** What such a file is called. */
export const fileOf = (name: TargetName): string => targets[name].file;

/** Every entry that the target cannot hold, in order; nothing may be written while there is one. */
export function problemsOf(name: TargetName, entries: readonly Outgoing[]): Problem[] {
  const target = targets[name];
  const known = new Set<string>();
  const { most = Number.POSITIVE_INFINITY } = target;
  let sum = 0;
  return entries.flatMap((entry): Problem[] => {
    const { variable, path } = entry;
    const key = target.known?.(entry) ?? variable;
    sum += byteLength(entry.value);
    const why = target.refuses(entry) ?? (known.has(key) ? 'clash' : sum > most ? 'sum' : undefined);
    known.add(key);
    return why ? [{ variable, path, why }] : [];
  });
}

/**
 * The text for the target. Throws RangeError for entries of which `problemsOf` names one.
 */
export async function exportText(
  name: TargetName,
  entries: readonly Outgoing[],
  options: WriteOptions = {},
): Promise<string> {
  if (problemsOf(name, entries).length > 0) throw new RangeError('an entry that the target cannot hold');
  return targets[name].text(entries, options);
}
