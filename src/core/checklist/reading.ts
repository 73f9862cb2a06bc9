import type { Git, Past } from '../platform/git.ts';
import { labelOf } from '../sops/label.ts';
import { type Lineage, lineages } from './lineage.ts';
import { fresh, type Look, Looker, readable } from './looks.ts';
import { type Held, parsed } from './version.ts';

/** A version of a file that somebody could read. */
interface ReadableVersion {
  /** The name that the file had then. */
  readonly path: string;
  /** Abbreviated; undefined for what is on the disk and in no commit. */
  readonly commit: string | undefined;
  readonly bytes: Uint8Array;
  /** The labels of its entries that are secret. */
  readonly labels: ReadonlySet<string>;
}

/** What somebody could read of one file. */
export interface FileReading extends Pick<Lineage, 'path' | 'gone' | 'names'> {
  /** Newest first; only those that have a ciphertext that no newer one has. */
  readonly versions: readonly ReadableVersion[];
}

/** What somebody could read of a repository. */
export interface Reading {
  readonly files: readonly FileReading[];
  /** Versions that name them as a reader, and cannot be read as a SOPS file. */
  readonly broken: readonly Pick<ReadableVersion, 'path' | 'commit'>[];
  /** Why there may be more in the history than this. */
  readonly missing: Past['missing'];
}

const mostContents = 20_000;

/** Files that are gone are looked for under such names only: otherwise every source file that there ever was would be read. */
const maybeSecret =
  /(?:^|\/)(?:[^/.]+|\.[^/.]+|\.env\.[^/]*|[^/]*\.(?:ya?ml|json|ini|env|enc|sops|encrypted|pem|key|p12|pfx|jks|keystore|secrets?|tfvars|properties|conf|cfg|toml|txt|bin))$/i;

/** A content of a file: in git, or on the disk only. */
interface Content {
  readonly path: string;
  readonly commit: string | undefined;
  readonly from: { readonly blob: string } | { readonly bytes: Uint8Array };
}

/**
 * Every version of every file that one of `recipients` could read, in all commits that a ref leads to and on the disk, under all names
 * that the files had.
 * @param git undefined outside git: then there is the disk only
 * @param files every encrypted file of the repository: as it is now, or as it was before the recipients were removed
 */
export async function readingOf(
  git: Git | undefined,
  root: string,
  files: readonly Held[],
  recipients: readonly string[],
): Promise<Reading> {
  const past = git && (await pastOf(git, root));
  const paths = files.map(({ path }) => path);
  const found = lineages(past?.changes ?? [], paths, (path) => !path.startsWith('/') && maybeSecret.test(path));
  const all = found.flatMap(({ contents }) => contents.map(({ blob }) => blob));
  const looker = new Looker(recipients);
  const looks = await contentsOf(git, root, all.slice(0, mostContents), (bytes) => looker.look(bytes));
  const disk = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const versions = found.map((lineage) => readableVersions(lineage, looks, looker, disk.get(lineage.path)));
  const parsed = await parsedOf(git, root, versions);
  const readings = found.map(({ path, gone, names }, i) => ({
    path,
    gone,
    names,
    versions: secretOnly(parsed[i]?.good ?? []),
  }));
  return {
    files: readings.filter(({ versions }) => versions.length > 0),
    broken: parsed.flatMap(({ broken }) => broken),
    missing: all.length > mostContents ? 'more' : past?.missing,
  };
}

/** The history with paths from `root`, which may be a folder of the work tree; `/` begins a path that is outside of it. */
async function pastOf(git: Git, root: string): Promise<Past | undefined> {
  const past = await git.history(root);
  const prefix = (await git.pathInWorkTree(`${root}/x`))?.slice(0, -1) ?? '';
  if (!past || prefix === '') return past;
  const inRoot = (path: string) => (path.startsWith(prefix) ? path.slice(prefix.length) : `/${path}`);
  const changes = past.changes.map((one) => ({
    ...one,
    path: inRoot(one.path),
    from: one.from === undefined ? undefined : inRoot(one.from),
  }));
  return { ...past, changes };
}

/** What `make` makes of each blob that is there. */
async function contentsOf<T>(
  git: Git | undefined,
  root: string,
  blobs: readonly string[],
  make: (bytes: Uint8Array) => T,
): Promise<ReadonlyMap<string, T>> {
  const made = new Map<string, T>();
  if (git) for await (const { blob, bytes } of git.contents(root, blobs)) made.set(blob, make(bytes));
  return made;
}

type Looked = Content & { readonly look: Look };

/** What is on the disk comes last: mostly a commit has it, too. */
function readableVersions(
  { path, contents }: Lineage,
  looks: ReadonlyMap<string, Look>,
  looker: Looker,
  onDisk: Uint8Array | undefined,
): Looked[] {
  const committed = contents.flatMap(({ blob, path, commit }) => {
    const look = looks.get(blob);
    return look ? [{ look, path, commit, from: { blob } }] : [];
  });
  const own = onDisk && { look: looker.look(onDisk), path, commit: undefined, from: { bytes: onDisk } };
  return readable<Looked>(own ? [...committed, own] : committed);
}

interface ParsedFile {
  readonly good: readonly Version[];
  readonly broken: readonly Content[];
}

/** Of each file the versions that differ in a ciphertext; where one of them is damaged, the others that have the same count. */
async function parsedOf(
  git: Git | undefined,
  root: string,
  files: readonly (readonly Looked[])[],
): Promise<ParsedFile[]> {
  const few = await parseAll(git, root, files.map(fresh));
  const rest = files.map((versions, i) => ((few[i]?.broken.length ?? 0) > 0 ? versions : []));
  const more = await parseAll(git, root, rest);
  return few.map((file, i) => (file.broken.length > 0 ? (more[i] ?? file) : file));
}

async function parseAll(
  git: Git | undefined,
  root: string,
  files: readonly (readonly Content[])[],
): Promise<ParsedFile[]> {
  const blobs = files.flat().flatMap(({ from }) => ('blob' in from ? from.blob : []));
  // A part of git's output would keep all of that alive.
  const bytesOf = await contentsOf(git, root, blobs, (bytes) => Uint8Array.from(bytes));
  return files.map((contents) => {
    const good: Version[] = [];
    const broken: Content[] = [];
    for (const content of contents) {
      const bytes = 'bytes' in content.from ? content.from.bytes : bytesOf.get(content.from.blob);
      const version = bytes && versionOf(content, bytes);
      if (version) good.push(version);
      else broken.push(content);
    }
    return { good, broken };
  });
}

type Version = ReadableVersion & { readonly plain: boolean };

/** Undefined for what cannot be read. */
function versionOf({ path, commit }: Content, bytes: Uint8Array): Version | undefined {
  const found = parsed({ path, bytes });
  if (!found) return undefined;
  return { path, commit, bytes, labels: new Set(found.leaves.map(labelOf)), plain: !found.recipients };
}

/** Of a version in plaintext those entries that another version has encrypted: who wrote the file says what is secret. */
function secretOnly(versions: readonly Version[]): ReadableVersion[] {
  const secret = new Set(versions.filter(({ plain }) => !plain).flatMap(({ labels }) => [...labels]));
  return versions
    .map(({ labels, plain, ...version }) => ({
      ...version,
      labels: plain ? new Set([...labels].filter((label) => secret.has(label))) : labels,
    }))
    .filter(({ labels }) => labels.size > 0);
}
