import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LockstepError } from '../../core/errors.ts';
import type { At, FileAt } from '../../core/platform/git.ts';
import { mayHoldSecrets } from '../../core/survey/candidates.ts';
import { maxSurveyed } from '../../core/survey/facts.ts';
import { fileError, readBytes } from '../../node/files.ts';
import { changedBetween, filesAt } from '../../node/git/at.ts';
import { contents } from '../../node/git/history.ts';
import { gitHere } from '../../node/git/run.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { encryptedFiles } from '../files/repository.ts';
import { isEncryptedFile } from '../files/sealed.ts';
import type { End, Wish } from './wish.ts';

/** A version's bytes; why they cannot be had; undefined where there is no such file. */
type Content = Uint8Array | LockstepError | undefined;

/** One file in both versions. */
export interface FilePair {
  /** From the root of the work tree, with forward slashes. */
  readonly path: string;
  /** Its name before, where it was renamed. */
  readonly from: string;
  readonly before: Content;
  readonly after: Content;
  /** It is in conflict: what is compared is our side of it. */
  readonly unmerged: boolean;
}

/** Where a file's bytes are on either side: the id of a blob, or the disk. */
interface Source {
  readonly path: string;
  readonly from: string;
  readonly before: string | undefined;
  readonly after: string | 'disk' | undefined;
  readonly unmerged: boolean;
}

/**
 * The files that are not the same and encrypted on one side at least, in the order of their paths.
 * @param chosen whether a path was asked for. @param named whether it was by its own name: then it need not be encrypted. Throws Failure.
 */
export async function filePairs(
  call: Call,
  root: string,
  { before, after }: Wish,
  chosen: (path: string) => boolean,
  named: (path: string) => boolean,
): Promise<FilePair[]> {
  const all = after.at === 'disk' ? await onDisk(call, root, before, named) : await inGit(root, before, after);
  const sources = all.filter(({ path, from }) => chosen(path) || chosen(from));
  const blobs = sources.flatMap((one) => [one.before, one.after].filter((id) => id !== undefined && id !== 'disk'));
  const bytes = new Map<string, Uint8Array>();
  for await (const { blob, bytes: found } of contents(root, blobs as string[], gitHere))
    bytes.set(blob, Uint8Array.from(found));
  const pairs: FilePair[] = [];
  for (const { path, from, before, after, unmerged } of sources) {
    const of = async (id: string | undefined) => (id === undefined ? undefined : (bytes.get(id) ?? lacking(root, id)));
    const now = after === 'disk' ? await readDisk(join(root, path)) : await of(after);
    const pair = { path, from, before: await of(before), after: now, unmerged };
    if ((isSame(pair) && !unmerged) || (!isSecret(pair) && !named(path))) continue;
    pairs.push(pair);
  }
  return pairs.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function inGit(root: string, before: End, after: End): Promise<Source[]> {
  const changed = await changedBetween(root, before.at as 'head', after.at as 'head', gitHere);
  if (!changed) throw notKnown();
  const ours = after.at === 'index' ? await blobsAt(root, 2) : new Map<string, string>();
  return changed.map(({ path, from = path, before, after, unmerged }) => ({
    ...{ path, from, before, unmerged },
    after: unmerged ? ours.get(path) : after,
  }));
}

/** The disk is not asked through git, which would run a repository's filters over it. */
async function onDisk(call: Call, root: string, before: End, named: (path: string) => boolean): Promise<Source[]> {
  const [then, index, ours] = [
    await blobsAt(root, before.at as At),
    await blobsAt(root, 'index'),
    await blobsAt(root, 2),
  ];
  const renames =
    before.at === 'index' ? [] : ((await changedBetween(root, before.at as 'head', 'index', gitHere)) ?? []);
  const from = new Map(renames.flatMap(({ path, from }) => (from === undefined ? [] : [[path, from] as const])));
  const moved = new Set(from.values());
  const encrypted = new Set((await encryptedFiles(call, root)).map(({ path }) => path));
  const paths = new Set([...then.keys(), ...index.keys(), ...ours.keys()]);
  const found: Source[] = [];
  for (const path of paths) {
    const old = from.get(path) ?? path;
    const unmerged = before.at === 'index' && !then.has(path) && ours.has(path);
    const source = { path, from: old, before: unmerged ? ours.get(path) : then.get(old), after: 'disk', unmerged };
    // Every file of the repository would have to be read otherwise.
    const counts = mayHoldSecrets(path) || encrypted.has(path) || named(path) || !existsSync(join(root, path));
    if (counts && !moved.has(path)) found.push(source);
  }
  return found;
}

async function blobsAt(root: string, at: At): Promise<ReadonlyMap<string, string>> {
  const files = await filesAt(root, at, gitHere);
  if (!files) throw notKnown();
  return new Map(files.map(({ path, blob }: FileAt) => [path, blob]));
}

async function readDisk(path: string): Promise<Content> {
  try {
    return (await readBytes(path, maxSurveyed)).bytes;
  } catch (error) {
    const known = fileError(error);
    return known.code === 'GONE' ? undefined : known;
  }
}

async function lacking(root: string, blob: string): Promise<LockstepError> {
  const size = await gitHere(root, ['cat-file', '-s', blob]);
  return new LockstepError('NO_SUCH_VERSION', { what: size?.code === 0 ? 'size' : 'content' });
}

const isSame = ({ before, after, path, from }: FilePair) =>
  path === from &&
  (before === after ||
    (before instanceof Uint8Array && after instanceof Uint8Array && Buffer.from(before).equals(after)));

const isSecret = ({ path, from, before, after }: FilePair) => isEncrypted(from, before) || isEncrypted(path, after);

function isEncrypted(name: string, content: Content): boolean {
  if (!(content instanceof Uint8Array)) return content !== undefined && mayHoldSecrets(name);
  if (!Buffer.from(content.buffer, content.byteOffset, content.length).includes('ENC[AES256_GCM,')) return false;
  return isEncryptedFile(name, content);
}

const notKnown = () =>
  new Failure(exit.generic, 'git did not tell what is in this repository.', 'Look whether git status works here.');
