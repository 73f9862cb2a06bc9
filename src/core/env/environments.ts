import { LockstepError } from '../errors.ts';
import { isDotenvName, isSecretName } from '../view/names.ts';
import { type Declared, everyEnvironment } from './declared.ts';
import { environmentOf, knownEnvironment } from './filenames.ts';
import type { Loader } from './read.ts';
import { isEnvironmentName } from './references.ts';

/** An environment: files, and how they become variables. It holds names only. */
export interface Found<F> {
  /** Empty for the files that speak of no environment, such as `.env`. */
  readonly name: string;
  /** Where it was found. */
  readonly folder: F;
  /** From there, with slashes. */
  readonly files: readonly string[];
  /** The files were written down, so a later one's variables replace those of an earlier one. */
  readonly inOrder: boolean;
  readonly loader: Loader | undefined;
  /** Key paths as people read them, and the variables that they go into. */
  readonly variables: ReadonlyMap<string, string>;
  /** Those of them that are written down for it alone, and not for all: each has to be there. */
  readonly required: ReadonlySet<string>;
  /** It is used where no environment is named. */
  readonly isDefault: boolean;
}

/** A folder as environments are looked for in it. */
export interface Look<F> {
  /** The names of its files. */
  names(folder: F): Promise<readonly string[]>;
  /**
   * What is written down for it, the more important first: by a person for himself, and in its `.lockstep/environments.yaml`. Throws
   * BAD_ENVIRONMENTS, and what reading a file throws.
   */
  declared(folder: F): Promise<readonly ReadonlyMap<string, Declared>[]>;
  /** The folder above; undefined at the root of the repository. */
  above(folder: F): Promise<F | undefined>;
  isEncrypted(folder: F, file: string): Promise<boolean>;
  /** Throws BAD_ENVIRONMENTS for a link that leads out of the repository, and for a file that another user may have put there. */
  requireOwn(folder: F, file: string): Promise<void>;
}

/** How far up is looked. */
const maxDepth = 100;

/**
 * The environment of a name, in this folder, else in the nearest one above it that has it: what is written down for the name, else the
 * files that are called so. `prod` finds `.env.production` where nothing is called `prod`.
 * @param wanted undefined for the default, else for the files that speak of no environment
 * Throws NO_ENVIRONMENT, BAD_ENVIRONMENTS (also where a link leads out of the repository), and what reading a file throws.
 */
export async function findEnvironment<F>(look: Look<F>, folder: F, wanted: string | undefined): Promise<Found<F>> {
  for await (const level of levels(look, folder)) {
    const name = nameIn(level, wanted);
    const found = name === undefined ? undefined : await foundAt(look, level, name);
    if (!found) continue;
    for (const file of found.files) await look.requireOwn(found.folder, file);
    return found;
  }
  throw new LockstepError('NO_ENVIRONMENT', wanted === undefined ? { what: 'none' } : { path: [wanted] });
}

/** Every environment that `findEnvironment` finds by its name, and the files that speak of none, in the order of their names. */
export async function listEnvironments<F>(look: Look<F>, folder: F): Promise<Found<F>[]> {
  const all = new Map<string, Found<F>>();
  for await (const level of levels(look, folder))
    for (const name of level.candidates.keys()) {
      const found = all.has(name.toLowerCase()) ? undefined : await foundAt(look, level, name);
      if (found && (found.inOrder || found.files.some(isSecret) || (await hasEncrypted(look, found))))
        all.set(name.toLowerCase(), found);
    }
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One folder on the way up. */
interface Level<F> {
  readonly folder: F;
  /** The files that are called after each environment; those of a name that is only written down are none. */
  readonly candidates: ReadonlyMap<string, readonly string[]>;
  /** Written down, the more important first. */
  readonly layers: readonly ReadonlyMap<string, Declared>[];
}

async function* levels<F>(look: Look<F>, start: F): AsyncGenerator<Level<F>> {
  let folder: F | undefined = start;
  for (let depth = 0; folder !== undefined && depth < maxDepth; depth++) {
    const layers = await look.declared(folder);
    const candidates = byName(await look.names(folder));
    for (const layer of layers)
      for (const name of layer.keys())
        if (name !== everyEnvironment && spelled(candidates, name) === undefined) candidates.set(name, []);
    yield { folder, candidates, layers };
    folder = await look.above(folder);
  }
}

function byName(files: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of [...files].sort()) {
    const name = environmentOf(file);
    if (name === undefined || (name !== '' && !isEnvironmentName(name))) continue;
    const key = spelled(found, name) ?? name;
    found.set(key, [...(found.get(key) ?? []), file]);
  }
  return found;
}

/** A name as a map has it, in whatever case. */
const spelled = (map: ReadonlyMap<string, unknown>, name: string): string | undefined =>
  map.has(name) ? name : [...map.keys()].find((one) => one.toLowerCase() === name.toLowerCase());

function nameIn<F>({ candidates, layers }: Level<F>, wanted: string | undefined): string | undefined {
  if (wanted === undefined) {
    return spelled(candidates, defaultOf(layers) ?? '');
  }
  const exact = spelled(candidates, wanted);
  const kind = exact === undefined ? knownEnvironment(wanted) : undefined;
  return exact ?? (kind && [...candidates.keys()].find((name) => knownEnvironment(name) === kind));
}

const defaultOf = (layers: Level<unknown>['layers']): string | undefined =>
  layers.flatMap((layer) => [...layer].filter(([, { isDefault }]) => isDefault))[0]?.[0];

async function foundAt<F>(
  look: Look<F>,
  { folder, candidates, layers }: Level<F>,
  name: string,
): Promise<Found<F> | undefined> {
  const own = layers.map((layer) => layer.get(spelled(layer, name) ?? '')).filter((one) => one !== undefined);
  const all = [...own, ...layers.map((layer) => layer.get(everyEnvironment)).filter((one) => one !== undefined)];
  const written = all.find(({ files }) => files !== undefined)?.files;
  const files = written ?? (await sources(look, folder, candidates.get(name) ?? []));
  if (files.length === 0) return undefined;
  return {
    name,
    folder,
    files,
    inOrder: written !== undefined,
    loader: all.find(({ loader }) => loader !== undefined)?.loader,
    variables: new Map(all.toReversed().flatMap(({ variables }) => [...variables])),
    required: new Set(own.flatMap(({ variables }) => [...variables.keys()])),
    isDefault: defaultOf(layers)?.toLowerCase() === name.toLowerCase(),
  };
}

const isSecret = (file: string) => isDotenvName(file) || isSecretName(file);

const hasEncrypted = async <F>(look: Look<F>, { folder, files }: Found<F>) =>
  (await encryptedOf(look, folder, files)).length > 0;

async function encryptedOf<F>(look: Look<F>, folder: F, files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) if (await look.isEncrypted(folder, file)) found.push(file);
  return found;
}

/** Of several files that are called after an environment, those that are encrypted: a plaintext copy beside one is no second source. */
async function sources<F>(look: Look<F>, folder: F, files: readonly string[]): Promise<readonly string[]> {
  if (files.length < 2) return files;
  const encrypted = await encryptedOf(look, folder, files);
  return encrypted.length > 0 ? encrypted : files;
}

/**
 * What `lockstep run` is given to take exactly this environment, wherever it is started. Names only.
 * @param personal a person's own setting has a part in it, which the command line does not read
 * @param pathOf the absolute path of a file, or of the folder itself
 */
export function flagsOf<F>(
  { name, folder, files, inOrder, loader, variables }: Found<F>,
  personal: boolean,
  pathOf: (folder: F, file?: string) => string,
): string[] {
  const byName = ['--env-name', name, '--env-from', pathOf(folder)];
  if (!personal) return byName;
  return [
    ...(inOrder ? files.flatMap((file) => ['--file', pathOf(folder, file)]) : byName),
    ...(loader ? [`--dotenv=${loader}`] : []),
    ...[...variables].flatMap(([path, variable]) => ['--rename', `${variable}=${path}`]),
  ];
}
