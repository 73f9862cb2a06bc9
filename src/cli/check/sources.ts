import { join, relative, sep } from 'node:path';
import type { Files, SecretFile } from '../../core/check/files.ts';
import { looksSealed } from '../../core/format/which.ts';
import type { At } from '../../core/platform/git.ts';
import { mayHoldSecrets } from '../../core/survey/candidates.ts';
import { isConfigName } from '../../core/view/names.ts';
import { changedBetween } from '../../node/git/at.ts';
import { FilesAt } from '../../node/git/files.ts';
import { gitHere } from '../../node/git/run.ts';
import { leftOutIn } from '../../node/git.ts';
import { linksOut, walk } from '../../node/walk.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { type FileSource, onDisk, sealedUnderAnyName, surveySource } from '../files/survey.ts';

/** The files of a repository, and which of them are secret files. */
export interface Source {
  readonly files: Files;
  readonly secret: readonly SecretFile[];
}

/** Files of the disk, and those of them that are none of the repository's, or not there. */
interface DiskSource extends Source {
  /** Links that lead out of the repository. */
  readonly outside: ReadonlySet<string>;
  /** What a sparse checkout leaves out. */
  readonly leftOut: ReadonlySet<string>;
}

/** As they are on the disk. Throws Failure where there are too many. */
export async function diskSource(call: Call, root: string): Promise<DiskSource> {
  const { files, cut } = await walk(root, undefined, true);
  if (cut)
    throw new Failure(exit.generic, `${root} holds more files than can be looked at.`, 'Work in a smaller folder.');
  const source = await sourceOf(call, root, onDisk(files), () => true);
  const outside = new Set(linksOut(root, files).map((path) => pathIn(root, path)));
  const secret = source.secret.filter(({ path }) => !outside.has(path));
  return { ...source, secret, outside, leftOut: new Set(await leftOutIn(root)) };
}

/** As git has them. Throws Failure where git does not answer: nothing was checked then. @param wanted files that will be read */
export async function gitSource(call: Call, root: string, at: At, wanted: (path: string) => boolean): Promise<Source> {
  const likely = (path: string) => wanted(path) || mayHoldSecrets(path) || isConfigName(path);
  const found = await FilesAt.of(root, at, likely, gitHere);
  if (!found) throw silentGit();
  const read = (path: string) => found.read(pathIn(root, path));
  const source: FileSource = {
    paths: found.paths.map((path) => join(root, path)),
    read,
    holdsCiphertext: (path) => read(path).then(looksSealed, () => false),
    isDisk: false,
  };
  return sourceOf(call, root, source, (path) => wanted(pathIn(root, path)));
}

/** The files that the next commit changes, by their paths from the root. Throws Failure where git does not answer. */
export async function stagedIn(root: string): Promise<ReadonlySet<string>> {
  const changed = await changedBetween(root, 'head', 'index', gitHere, true);
  if (!changed) throw silentGit();
  return new Set(changed.filter(({ after }) => after !== undefined).map(({ path }) => path));
}

const silentGit = () =>
  new Failure(exit.generic, 'git did not say what it has, so nothing was checked.', 'Run it where git works.');

/** From the root, with forward slashes. */
export const pathIn = (root: string, path: string): string => relative(root, path).split(sep).join('/');

/** @param wanted files that are looked into whatever their names are: an encrypted one must not be overlooked */
async function sourceOf(
  call: Call,
  root: string,
  source: FileSource,
  wanted: (path: string) => boolean,
): Promise<Source> {
  const surveyed = await surveySource(call, root, source, await sealedUnderAnyName(root, source, wanted));
  return {
    files: {
      paths: source.paths.map((path) => pathIn(root, path)),
      read: (path) => source.read(join(root, path)),
    },
    secret: surveyed.map(({ path, facts, config }) => ({
      path: pathIn(root, path),
      facts,
      config: config && pathIn(root, config),
    })),
  };
}
