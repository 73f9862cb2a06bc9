import { dotenv } from '../format/dotenv/dotenv.ts';
import { readCompose } from './compose.ts';
import type { Environment } from './environment.ts';
import { readNpm } from './npm.ts';
import { readPython } from './python.ts';

/** Programs that load a `.env`, each of which reads it in its own way; `literal` is sops, which takes off and puts in nothing. */
export const loaders = ['dotenv', 'compose', 'python', 'literal'] as const;
export type Loader = (typeof loaders)[number];

/**
 * The variables of a `.env` as a loader reads them; of a name that occurs twice, the last value.
 * @param environment for the `${X}` in values: compose takes a variable from there first, python from the file first.
 * Throws SYNTAX and BAD_VALUE where the loader refuses the file, TOO_LARGE.
 */
export function readEnv(text: string, loader: Loader, environment: Environment = {}): Map<string, string> {
  switch (loader) {
    case 'dotenv':
      return readNpm(text);
    case 'compose':
      return readCompose(text, environment);
    case 'python':
      return readPython(text, environment);
    case 'literal':
      return readLiteral(text);
  }
}

/** Names and values as sops has them; what is no text is left out. Throws what `parse` throws. */
export function readLiteral(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const member of dotenv.parse(text).documents[0]?.members ?? []) {
    if (member.kind !== 'entry' || member.value.kind !== 'scalar' || member.value.scalar.type !== 'str') continue;
    const { value } = member.value.scalar;
    if (typeof value === 'string') found.set(member.key, value);
  }
  return found;
}
