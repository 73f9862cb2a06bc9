import { differingNames } from '../../core/env/differences.ts';
import { type Loader, loaders } from '../../core/env/read.ts';
import { hasOwnReading, oddNames, type Variables, variablesOf } from '../../core/env/variables.ts';
import { managerOf } from '../../core/managers/reference.ts';
import type { Opened } from '../../core/open/open.ts';
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
    throw new Failure(exit.generic, `--dotenv takes one of ${loaders.join(', ')}.`, 'Without a value it means dotenv.');
  return found;
}

/**
 * `variablesOf` a file, read by what `--dotenv` names. Tells which variables a loader reads differently, and names that no shell
 * can hold. Throws what `variablesOf` throws, and Failure for `--dotenv` with a file that is no dotenv.
 */
export async function envValues({ io, flags }: Call, label: string, opened: Opened): Promise<Variables> {
  const loader = loaderOf(flags);
  const { format } = opened.sealed;
  if (hasOwnReading(loader, opened) && format !== 'dotenv' && format !== 'binary')
    throw new Failure(exit.generic, '--dotenv reads .env files.', 'Leave it out: the values of this file are exact.');
  const values = await variablesOf(opened, loader, flags.on('pristine') ? {} : io.env);
  if (!loader && format === 'dotenv') tellDifferences(io, label, Object.entries(values));
  tellNames(io, label, Object.keys(values));
  tellReferences(io, label, Object.entries(values));
  return values;
}

/** Names at most, for each reason. */
const most = 8;

/** Names the variables of a dotenv file that a program which loads `.env` files reads differently from sops. */
export function tellDifferences(io: Io, label: string, entries: Iterable<readonly [string, string]>): void {
  const words = [...differingNames(entries)].map(([one, names]) => `${one}: ${listed(names)}`);
  if (words.length === 0) return;
  io.writeStderr(
    `lockstep: ${label}: sops and exec-env use values as written; a program that loads a .env reads these differently: ${words.join('; ')}. exec-env --dotenv reads them as a loader does.\n`,
  );
}

/** They are passed on as sops does it; what a shell makes of them is not ours. */
function tellNames(io: Io, label: string, names: readonly string[]): void {
  const odd = oddNames(names);
  if (odd.length === 0) return;
  io.writeStderr(
    `lockstep: ${label}: No shell can hold variables of these names, so they get lost where one starts the program: ${listed(odd)}. They are passed on all the same.\n`,
  );
}

/** sops knows no references to other managers, so its verbs give them to a program as they are. */
function tellReferences(io: Io, label: string, entries: readonly (readonly [string, string])[]): void {
  const names = entries.filter(([, value]) => managerOf(value)).map(([name]) => name);
  if (names.length > 0)
    io.writeStderr(
      `lockstep: ${label}: These are references to other managers, and are passed on as they are: ${listed(names)}. lockstep run gets the secrets.\n`,
    );
}

function listed(names: readonly string[]): string {
  const rest = names.length > most ? ` and ${names.length - most} more` : '';
  return names.slice(0, most).map(visible).join(', ') + rest;
}
