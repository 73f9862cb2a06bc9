import { fromUtf8, tryUtf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { Opened } from '../open/open.ts';
import { unsealBytes } from '../open/unseal.ts';
import { flatText } from '../tree/flattext.ts';
import type { Environment } from './environment.ts';
import { type Loader, readEnv } from './read.ts';

/** A file as environment variables. The values are plaintext: they go to a program, and nowhere else. */
export type Variables = Readonly<Record<string, string>>;

/** Whether a loader has its own reading of a file; what it has none of is read as sops reads it. */
export const hasOwnReading = (loader: Loader | undefined, { sealed: { format } }: Opened): loader is Loader =>
  loader !== undefined && !(loader === 'literal' && format === 'dotenv');

/**
 * The variables of an opened file: the entries of its first document as sops has them, or what a loader reads in its plaintext.
 * @param loader for dotenv files, and binary ones that hold such a text.
 * @param around variables for the `${X}` in it; those of sops are no part of it, so that a file cannot name a key.
 * Throws BAD_NAME and BAD_VALUE with the path, and what the loader's reading throws.
 */
export async function variablesOf(opened: Opened, loader?: Loader, around: Environment = {}): Promise<Variables> {
  const found: Record<string, string> = Object.create(null);
  for (const [name, value] of hasOwnReading(loader, opened) ? await loaded(opened, loader, around) : literal(opened))
    found[name] = checked(name, value);
  return found;
}

async function loaded(opened: Opened, loader: Loader, around: Environment): Promise<[string, string][]> {
  const others = Object.fromEntries(Object.entries(around).filter(([name]) => !name.toUpperCase().startsWith('SOPS_')));
  const bytes = await unsealBytes(opened);
  if (tryUtf8(bytes) === undefined) throw new LockstepError('BAD_VALUE', { what: 'variable' });
  const read = readEnv(fromUtf8(bytes), loader, others);
  // Compose takes a last line without a sign for a value without a name.
  return [...read].filter(([name]) => name !== '');
}

function literal(opened: Opened): [string, string | undefined][] {
  for (const member of opened.sealed.doc.documents[0]?.members ?? []) {
    if (member.kind === 'comment') continue;
    checked(member.key, '');
    if (member.value.kind !== 'scalar') throw new LockstepError('BAD_VALUE', { path: [member.key], what: 'variable' });
  }
  return opened.sealed.leaves.flatMap((leaf): [string, string | undefined][] => {
    const name = leaf.path[0];
    const value = opened.value(leaf.id);
    return leaf.document > 0 || typeof name !== 'string' || !value ? [] : [[name, flatText(value)]];
  });
}

function checked(name: string, text: string | undefined): string {
  if (/[=\0]/.test(name) || name === '') throw new LockstepError('BAD_NAME', { path: [name], what: 'variable' });
  if (text === undefined || text.includes('\0'))
    throw new LockstepError('BAD_VALUE', { path: [name], what: 'variable' });
  return text;
}

/** Names that no shell can hold: they get lost where one starts the program. */
export const oddNames = (names: readonly string[]): string[] => names.filter((name) => !/^[A-Za-z_]\w*$/.test(name));
