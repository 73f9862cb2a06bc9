import { Digests, type OpenFile } from '../checklist/digests.ts';
import type { Held } from '../checklist/version.ts';
import type { BlobReader, FileCommit, Git } from '../platform/git.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { changesBetween, type EntryChange } from './between.ts';
import { type Asked, Followed } from './followed.ts';
import { Version } from './version.ts';

/** A file, and what its history is read with. */
export interface Source {
  readonly git: Pick<Git, 'fileLog' | 'blobReader'>;
  /** The root of the work tree, absolute. */
  readonly root: string;
  /** The file as it is now, by its path from there; without bytes what HEAD has is the newest. */
  readonly file: Pick<Held, 'path'> & Partial<Held>;
  readonly open: OpenFile;
  /** Also what no commit that HEAD leads to has. */
  readonly all?: boolean;
}

/** A commit that was looked at; the first one is the file on the disk. */
export interface Looked {
  readonly commit: FileCommit;
  /** None for most commits, when one entry is asked about. */
  readonly changes: readonly EntryChange[];
  /** Who can read what the commit has, where it changed something; undefined: everybody who has the repository. */
  readonly readers: readonly KeyName[] | undefined;
  /** The version itself cannot be compared: the changes may also be of the next commits, which have no version that can. */
  readonly standsIn: boolean;
  /** How many versions so far could not be compared: damaged, not in this clone, or over 5 MB. */
  readonly passed: number;
}

/** Bytes of the versions that are in memory at once, roughly. */
const room = 16 * 1024 * 1024;
const mostAtOnce = 32;

/**
 * Looks at every commit of a file, newest first, whatever the file and the entries were called, and says which values it changed. A merge has
 * only what differs from each of its parents. Old and new values are decrypted and compared; none is kept. Whoever stops reading ends git.
 * Throws GIT_FAILED, and what `open` throws. @param asked every entry without it
 */
export async function* walk(source: Source, asked?: Asked): AsyncGenerator<Looked> {
  const { git, root, file, all } = source;
  const reader = git.blobReader(root);
  const one = new Walk(source, reader, asked);
  try {
    let part: FileCommit[] = [];
    let most = 1;
    for await (const commit of git.fileLog(root, file.path, all)) {
      part.push(commit);
      if (part.length < most) continue;
      yield* one.look(part);
      part = [];
      most = Math.min(2 * most, one.atOnce);
    }
    yield* one.look(part);
  } finally {
    reader.end();
  }
}

class Walk {
  readonly #source: Source;
  readonly #reader: BlobReader;
  readonly #digests: Digests;
  /** Of the part of the history that is looked at, by blob. */
  #versions = new Map<string, Version>();
  /** In place of a version that cannot be read the next newer one: what changed meanwhile is told of the commit before both. */
  readonly #instead = new Map<string, Version>();
  readonly #followed: Followed | undefined;
  #passed = 0;
  #size = 0;

  constructor(source: Source, reader: BlobReader, asked: Asked | undefined) {
    this.#source = source;
    this.#reader = reader;
    this.#digests = new Digests(source.open);
    this.#followed = asked && new Followed(asked);
  }

  /** How many commits may be looked at together. */
  get atOnce(): number {
    return Math.max(1, Math.min(mostAtOnce, Math.floor(room / Math.max(1, this.#size))));
  }

  async *look(part: readonly FileCommit[]): AsyncGenerator<Looked> {
    await this.#load(part);
    for (const commit of part) {
      const after = commit.made ? this.#version(commit.blob) : this.#onDisk();
      // There is nothing to compare, but for a commit that took the file away.
      const isNothing = !after && (!commit.made || commit.blob !== undefined);
      const changes = isNothing ? [] : await this.#changesOf(commit, after);
      const readers = changes.length > 0 && after ? after.readers : [];
      yield { commit, changes, readers, standsIn: this.#instead.has(commit.blob ?? ''), passed: this.#passed };
    }
  }

  #onDisk(): Version | undefined {
    const { path, bytes } = this.#source.file;
    return bytes && new Version({ path, bytes });
  }

  /** Mostly what comes after a commit is what came before the one looked at last: it is not read again. */
  async #load(part: readonly FileCommit[]): Promise<void> {
    const paths = new Map<string, string>();
    for (const { blob, path, before } of part) {
      if (blob !== undefined) paths.set(blob, path);
      for (const old of before) if (old) paths.set(old.blob, old.path);
    }
    const old = this.#versions;
    this.#versions = new Map();
    const versionOf = async (blob: string, path: string) => {
      const bytes = old.has(blob) ? undefined : await this.#reader.read(blob);
      const version = bytes ? new Version({ path, bytes }) : old.get(blob);
      this.#size = Math.max(this.#size, bytes?.length ?? 0);
      if (version) this.#versions.set(blob, version);
    };
    await Promise.all([...paths].map(([blob, path]) => versionOf(blob, path)));
  }

  #version(blob: string | undefined): Version | undefined {
    return blob === undefined ? undefined : (this.#instead.get(blob) ?? this.#versions.get(blob));
  }

  /** What differs from each parent. */
  async #changesOf(commit: FileCommit, after: Version | undefined): Promise<readonly EntryChange[]> {
    let found: readonly EntryChange[] | undefined;
    for (const old of commit.before.length > 0 ? commit.before : [undefined]) {
      const changes = await this.#changesSince(old?.blob, commit.blob, after);
      found = found ? found.filter(({ entry }) => changes.some((one) => one.entry === entry)) : changes;
    }
    return found ?? [];
  }

  async #changesSince(
    blob: string | undefined,
    newer: string | undefined,
    after: Version | undefined,
  ): Promise<readonly EntryChange[]> {
    const followed = this.#followed;
    const entries = followed?.in(newer, after);
    const before = this.#version(blob);
    if (blob !== undefined && entries && before && followed?.areIn(entries, before)) {
      followed.keep(blob, entries);
      return [];
    }
    if (blob !== undefined && !before?.entries) {
      this.#passed++;
      // What cannot be read is taken for what came after it.
      if (after) this.#instead.set(blob, after);
      if (entries) followed?.keep(blob, entries);
      return [];
    }
    // The file on the disk may be damaged, and nothing newer can stand for it.
    if (after && !after.entries) return [];
    const wanted = entries && followed?.wanted(entries);
    const changes = await changesBetween(after, before, this.#digests, wanted);
    if (blob !== undefined && wanted) followed?.follow(blob, before, wanted, changes);
    return changes;
  }
}
