import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import { soundEnvironments } from '../../core/env/declared.ts';
import { type Found, findEnvironment, type Look, listEnvironments } from '../../core/env/environments.ts';
import { environmentOf } from '../../core/env/filenames.ts';
import { LockstepError } from '../../core/errors.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { isSealed } from '../../core/sops/sealed.ts';
import { visible } from '../../core/tree/path.ts';
import { environmentsPath } from '../../core/view/names.ts';
import { leadsOut, readBytesSync, readIfThere } from '../../node/files.ts';
import type { Revision } from '../../node/git/revision.ts';
import { isAnybodys } from '../../node/owner.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { notInPast } from '../files/revision.ts';

/**
 * The environment of a name, as `findEnvironment` finds it from a folder upward.
 * @param revision the commit whose files it is made of, and whose list of environments counts
 * Throws Failure with the environments that there are, AboutFile for one that cannot be read or leads out of the repository.
 */
export async function environmentIn(
  folder: string,
  wanted: string | undefined,
  revision?: Revision,
): Promise<Found<string>> {
  const lack = await revision?.lack(folder);
  if (revision && lack) throw notInPast(revision, 'The environment', lack);
  try {
    return await findEnvironment(lookAt(folder, revision), folder, wanted);
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code !== 'NO_ENVIRONMENT') throw error;
    const others = (await listEnvironments(lookAt(folder, revision), folder))
      .map(({ name }) => name)
      .filter((name) => name !== '');
    throw nothing(wanted, others, revision);
  }
}

/** The folder in which environments are looked for: that of --env-from, else the current one. Throws Failure where it is not there. */
export function environmentFolder({ io, flags }: Call): string {
  const named = flags.text('env-from');
  const folder = resolve(io.cwd, named ?? '.');
  if (named === undefined || statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new Failure(exit.noFile, `${visible(named)}: There is no such folder.`, 'Check the name.');
}

/** Every environment that can be named in a folder. Throws as `environmentIn`. */
export const environmentsFrom = (folder: string): Promise<Found<string>[]> =>
  listEnvironments(lookAt(folder, undefined), folder);

const lookAt = (folder: string, revision: Revision | undefined): Look<string> =>
  revision ? lookInPast(folder, revision) : lookFrom(folder);

function lookFrom(start: string): Look<string> {
  const requireOwn = (folder: string, file: string) =>
    about(shown(start, join(folder, file)), async () => {
      const path = join(folder, file);
      if ((await leadsOut(path, repositoryOf(start) ?? folder)) !== undefined)
        throw new LockstepError('BAD_ENVIRONMENTS', { what: 'link' });
      if (isAnybodys(path, start)) throw new LockstepError('BAD_ENVIRONMENTS', { what: 'others' });
    });
  return {
    names: async (folder) => namesIn(folder),
    async declared(folder) {
      const path = join(folder, environmentsPath);
      if (!existsSync(path)) return [];
      await requireOwn(folder, environmentsPath);
      return about(shown(start, path), async () => {
        const content = await readIfThere(path);
        return content ? [soundEnvironments(fromUtf8(content.bytes))] : [];
      });
    },
    above: async (folder) => above(folder),
    isEncrypted: async (folder, file) => isEncrypted(join(folder, file), () => readBytesSync(join(folder, file)).bytes),
    requireOwn,
  };
}

const above = (folder: string) =>
  existsSync(join(folder, '.git')) || dirname(folder) === folder ? undefined : dirname(folder);

/** In a commit. git gives no link that leads out of it, and nothing that another user has put there since. */
function lookInPast(start: string, revision: Revision): Look<string> {
  return {
    names: async (folder) => (await revision.names(folder)).filter(isEnvironmentFile),
    async declared(folder) {
      const path = join(folder, environmentsPath);
      const found = await revision.read(path);
      if (found.kind === 'no-file') return [];
      if (found.kind !== 'file') throw notInPast(revision, shown(start, path), found.kind);
      return about(shown(start, path), () => [soundEnvironments(fromUtf8(found.bytes))]);
    },
    above: async (folder) => above(folder),
    async isEncrypted(folder, file) {
      const found = await revision.read(join(folder, file));
      return found.kind !== 'file' || isEncrypted(file, () => found.bytes);
    },
    requireOwn: async () => {},
  };
}

/** The root of the repository; undefined without one. */
function repositoryOf(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

const shown = (start: string, path: string) => visible(relative(start, path));

function isEncrypted(path: string, read: () => Uint8Array): boolean {
  try {
    const { format, text } = formatOfBytes(path, read());
    return isSealed(text, format);
  } catch {
    // Opening it says what is wrong.
    return true;
  }
}

const isEnvironmentFile = (name: string) => environmentOf(name) !== undefined;

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && isEnvironmentFile(entry.name))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function nothing(wanted: string | undefined, others: readonly string[], revision: Revision | undefined): Failure {
  const at = revision ? ` at ${visible(revision.name)}` : '';
  const there = others.length > 0 ? `Environments that there are: ${others.map(visible).join(', ')}.` : '';
  const hint = `A file is found by its name, such as .env.production or secrets.production.yaml, or is named in ${environmentsPath}; -f FILE names any other.`;
  return wanted === undefined
    ? new Failure(
        exit.noFile,
        `No secret file is in this folder${at}, or above it in the repository.`,
        [others.length > 0 ? `${there} Choose one: --env-name NAME.` : '', hint].filter(Boolean).join(' '),
      )
    : new Failure(
        exit.noFile,
        `There is no environment ${visible(wanted)} here${at}.`,
        [there, hint].filter(Boolean).join(' '),
      );
}

/** The files of an environment as they are named from the current folder. */
export const filesOf = (cwd: string, { folder, files }: Found<string>): string[] =>
  files.map((file) => relative(cwd, resolve(folder, file)));
