import { fromUtf8 } from '../../core/bytes.ts';
import { type Difference, differences, differencesOf } from '../../core/env/differences.ts';
import { type Loader, loaders, readEnv } from '../../core/env/read.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Opened } from '../../core/open/open.ts';
import { unsealBytes } from '../../core/open/unseal.ts';
import { flatText } from '../../core/tree/flattext.ts';
import { visible } from '../../core/tree/path.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import type { Flags } from '../flags.ts';
import type { Io } from '../io.ts';

/** The loader that `--dotenv` names; undefined without it. Throws Failure for an unknown one. */
export function loaderOf(flags: Flags): Loader | undefined {
  const text = flags.text('dotenv');
  const found = loaders.find((loader) => loader === text);
  if (text !== undefined && !found)
    throw new Failure(exit.generic, `--dotenv takes one of ${loaders.join(', ')}.`, 'Alone it stands for dotenv.');
  return found;
}

/**
 * The variables of an opened file: its values as they stand, as in sops, or with `--dotenv` what the loader reads in its clear
 * text. Tells which variables a loader reads differently, and names that no shell can hold. Throws BAD_NAME, BAD_VALUE,
 * NOT_A_MAP with the path, what the loader's reading throws, and Failure for `--dotenv` with a file that is no dotenv.
 */
export async function envValues(call: Call, label: string, opened: Opened): Promise<Record<string, string>> {
  const { io, flags } = call;
  const loader = loaderOf(flags);
  const { format } = opened.sealed;
  const loaded = loader && !(loader === 'literal' && format === 'dotenv');
  const values = loaded ? await loadedBy(call, loader, opened) : literally(opened);
  if (!loader && format === 'dotenv') tellDifferences(io, label, Object.entries(values));
  tellNames(io, label, Object.keys(values));
  return values;
}

async function loadedBy({ io, flags }: Call, loader: Loader, opened: Opened): Promise<Record<string, string>> {
  const { format } = opened.sealed;
  if (format !== 'dotenv' && format !== 'binary')
    throw new Failure(exit.generic, '--dotenv reads .env files.', 'Leave it out: the values of this file are exact.');
  const found: Record<string, string> = Object.create(null);
  const around = flags.on('pristine') ? {} : withoutSops(io);
  for (const [name, value] of readEnv(fromUtf8(await unsealBytes(opened)), loader, around)) {
    // Compose takes a last line without a sign for a value without a name.
    if (name !== '') found[name] = checked(name, value);
  }
  return found;
}

/** A key must not get into a variable because the file names it. */
function withoutSops({ env }: Io): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('SOPS_')));
}

/** The entries of the first document, as an environment holds them. */
function literally(opened: Opened): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (const member of opened.sealed.doc.documents[0]?.members ?? []) {
    if (member.kind === 'comment') continue;
    checked(member.key, '');
    if (member.value.kind !== 'scalar') throw new LockstepError('BAD_VALUE', { path: [member.key], what: 'variable' });
  }
  for (const leaf of opened.sealed.leaves) {
    const name = leaf.path[0];
    const value = opened.value(leaf.id);
    if (leaf.document > 0 || typeof name !== 'string' || !value) continue;
    found[name] = checked(name, flatText(value));
  }
  return found;
}

function checked(name: string, text: string | undefined): string {
  if (/[=\0]/.test(name) || name === '') throw new LockstepError('BAD_NAME', { path: [name], what: 'variable' });
  if (text === undefined || text.includes('\0'))
    throw new LockstepError('BAD_VALUE', { path: [name], what: 'variable' });
  return text;
}

/** Names at most, for each reason. */
const most = 8;

/** Names the variables of a dotenv file that a program which loads `.env` files reads differently from sops. */
export function tellDifferences(io: Io, label: string, entries: Iterable<readonly [string, string]>): void {
  const found = new Map<Difference, string[]>();
  for (const [name, value] of entries)
    for (const one of differencesOf(name, value)) found.set(one, [...(found.get(one) ?? []), name]);
  if (found.size === 0) return;
  const words = differences.flatMap((one) => {
    const names = found.get(one);
    return names ? [`${one}: ${listed(names)}`] : [];
  });
  io.writeStderr(
    `lockstep: ${label}: sops and exec-env give values as they stand; a program that loads a .env reads these differently: ${words.join('; ')}. exec-env --dotenv reads them as it does.\n`,
  );
}

/** They are passed on as sops does it; what a shell makes of them is not ours. */
function tellNames(io: Io, label: string, names: readonly string[]): void {
  const odd = names.filter((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (odd.length === 0) return;
  io.writeStderr(
    `lockstep: ${label}: No shell can hold variables of these names, so they get lost where one starts the program: ${listed(odd)}. They are passed on all the same.\n`,
  );
}

function listed(names: readonly string[]): string {
  const rest = names.length > most ? ` and ${names.length - most} more` : '';
  return names.slice(0, most).map(visible).join(', ') + rest;
}
