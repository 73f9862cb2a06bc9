import type { Found } from '../../core/env/environments.ts';
import { isReference, parseReference } from '../../core/env/references.ts';
import type { Revision } from '../../node/git/revision.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { revisionOf } from '../files/revision.ts';
import { environmentFolder, environmentIn, filesOf } from './environments.ts';
import { loaderOf } from './envvalues.ts';
import type { Wish } from './pairs.ts';
import { type Given, givenFrom, openSources, type Source, withNames, withoutKeys } from './sources.ts';

/** Files that secrets are taken from. */
type Files = Pick<Found<string>, 'files' | 'inOrder' | 'loader' | 'variables' | 'required'>;

interface Taken {
  readonly sources: readonly Source[];
  readonly given: readonly Given[];
}

/** What else `takeSecrets` is told. */
interface Taking {
  /** Files that are named without -f. */
  readonly operands?: readonly string[];
  /** Encryption keys do not stay behind. */
  readonly keysToo?: boolean;
}

/**
 * What a program is given, and the files that it comes from: those of -f or of the environment, and those of every other environment that a
 * `--secret ENV=lockstep:staging#db.url` names. Throws AboutFile, Failure.
 */
export async function takeSecrets(
  call: Call,
  wishes: readonly Wish[],
  renames: readonly Wish[],
  { operands = [], keysToo = call.flags.on('encryption-keys') }: Taking = {},
): Promise<Taken> {
  const own = call.flags.text('env-name');
  // A variable of a script that is not set would mean other secrets. VS Code says by both flags that it means the files that speak of none.
  if (call.flags.list('env-name').includes('') && call.flags.text('env-from') === undefined)
    throw new Failure(exit.generic, '--env-name names no environment.', 'Name one, or leave the flag out.');
  const revision = revisionOf(call);
  const named = await Promise.all(wishes.map((wish) => referred(wish, own)));
  const here = named.filter(({ environment }) => environment === undefined);
  const taken: Taken[] = [];
  if (wishes.length === 0 || here.length > 0 || renames.length > 0) {
    const all = await take(
      call,
      revision,
      await filesFor(call, [...call.flags.list('file'), ...operands], revision),
      renames,
      wishes.length === 0 ? undefined : here,
      keysToo,
    );
    taken.push(all);
  }
  for (const name of new Set(named.flatMap(({ environment }) => environment ?? []))) {
    const found = await environmentIn(environmentFolder(call), name, revision);
    const some = named.filter(({ environment }) => environment === name);
    taken.push(await take(call, revision, { ...found, files: filesOf(call.io.cwd, found) }, [], some));
  }
  return { sources: taken.flatMap(({ sources }) => sources), given: taken.flatMap(({ given }) => given) };
}

/** A wish whose name may be a reference. @param own the environment that needs no name */
function referred(wish: Wish, own: string | undefined): Promise<Wish & { readonly environment: string | undefined }> {
  return about(`--secret ${wish.variable}`, () => {
    const { environment, name } = isReference(wish.name)
      ? parseReference(wish.name)
      : { environment: undefined, name: wish.name };
    return { variable: wish.variable, name, environment: environment === own ? undefined : environment };
  });
}

/** @param wishes undefined for everything */
async function take(
  call: Call,
  revision: Revision | undefined,
  files: Files,
  renames: readonly Wish[],
  wishes: readonly Wish[] | undefined,
  keysToo = false,
): Promise<Taken> {
  const all = await openFiles(call, revision, files, renames);
  // What is given names one of these very sources: the access log goes by that.
  const sources = wishes || keysToo ? all : withoutKeys(all);
  if (wishes?.length === 0) return { sources, given: [] };
  return { sources, given: givenFrom(sources, wishes ?? [], files.inOrder) };
}

async function openFiles(
  call: Call,
  revision: Revision | undefined,
  files: Files,
  renames: readonly Wish[],
): Promise<Source[]> {
  const loader = loaderOf(call.flags) ?? files.loader ?? 'dotenv';
  return withNames(await openSources(call, files.files, loader, revision), files, renames);
}

/** All that `takeSecrets` chooses from, where nothing is wished for and nothing has another name. Throws AboutFile, Failure. */
export async function openAll(call: Call): Promise<Pick<Taken, 'sources'> & Pick<Files, 'inOrder'>> {
  const files = await filesFor(call, call.flags.list('file'), undefined);
  return { sources: await openFiles(call, undefined, files, []), inOrder: files.inOrder };
}

/** The files that are named, else those of an environment. Throws AboutFile, Failure. */
export async function filesFor(call: Call, files: readonly string[], revision: Revision | undefined): Promise<Files> {
  const { io, flags } = call;
  const name = flags.text('env-name');
  if (files.length > 0) {
    if (name !== undefined || flags.text('env-from') !== undefined)
      throw new Failure(
        exit.conflictingFlags,
        '--file and the flags of an environment contradict each other.',
        'Name the files, or the environment.',
      );
    return { files, inOrder: true, loader: undefined, variables: new Map(), required: new Set() };
  }
  const found = await environmentIn(environmentFolder(call), name, revision);
  return { ...found, files: filesOf(io.cwd, found) };
}
