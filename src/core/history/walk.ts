import { Digests, type OpenFile } from '../checklist/digests.ts';
import type { Held } from '../checklist/version.ts';
import type { FileCommit, Git } from '../platform/git.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { changesBetween, type EntryChange } from './between.ts';
import { Version } from './version.ts';

/** A file, and what its history is read with. */
export interface Source {
  readonly git: Pick<Git, 'fileLog' | 'contents'>;
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
const room = 24 * 1024 * 1024;
const mostAtOnce = 128;

/**
 * Looks at every commit of a file, newest first, whatever the file and the entry were called, and says which values it changed. A merge has
 * only what differs from each of its parents. Old and new values are decrypted and compared; none is kept. Whoever stops reading ends git.
 * Throws GIT_FAILED, and what `open` throws. @param entry its label now, or at any time; every entry without it
 */
export async function* walk(source: Source, entry?: string): AsyncGenerator<Looked> {
  const { git, root, file, all } = source;
  const one = new Walk(source, entry);
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
}

const isCiphertext = (stored: string) => stored.startsWith('ENC[');

class Walk {
  readonly #source: Source;
  readonly #digests: Digests;
  /** Of the part of the history that is looked at, by blob. */
  #versions = new Map<string, Version>();
  /** In place of a version that cannot be read the next newer one: what changed meanwhile is told of the commit before both. */
  readonly #instead = new Map<string, Version>();
  /** What the entry is called in a version, and its ciphertext there. */
  readonly #names = new Map<string, { readonly label: string; readonly stored: string }>();
  /** Every name that it had so far, the newest first. */
  readonly #known: string[];
  #passed = 0;
  #size = 0;

  constructor(source: Source, entry: string | undefined) {
    this.#source = source;
    this.#digests = new Digests(source.open);
    this.#known = entry === undefined ? [] : [entry];
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
    const { git, root } = this.#source;
    const paths = new Map<string, string>();
    for (const { blob, path, before } of part) {
      if (blob !== undefined) paths.set(blob, path);
      for (const old of before) if (old) paths.set(old.blob, old.path);
    }
    const old = this.#versions;
    this.#versions = new Map(
      [...paths.keys()].flatMap((blob) => (old.has(blob) ? [[blob, old.get(blob) as Version]] : [])),
    );
    const missing = [...paths.keys()].filter((blob) => !this.#versions.has(blob));
    for await (const { blob, bytes } of git.contents(root, missing)) {
      this.#size = Math.max(this.#size, bytes.length);
      this.#versions.set(blob, new Version({ path: paths.get(blob) ?? '', bytes }));
    }
  }

  #version(blob: string | undefined): Version | undefined {
    return blob === undefined ? undefined : (this.#instead.get(blob) ?? this.#versions.get(blob));
  }

  /** What differs from each parent. */
  async #changesOf(commit: FileCommit, after: Version | undefined): Promise<readonly EntryChange[]> {
    const name = this.#nameIn(commit.blob ?? '', after);
    let found: readonly EntryChange[] | undefined;
    for (const old of commit.before.length > 0 ? commit.before : [undefined]) {
      const changes = await this.#changesSince(old?.blob, after, name);
      found = found ? found.filter(({ entry }) => changes.some((one) => one.entry === entry)) : changes;
    }
    return found ?? [];
  }

  async #changesSince(
    blob: string | undefined,
    after: Version | undefined,
    name: { readonly label: string; readonly stored: string } | undefined,
  ): Promise<readonly EntryChange[]> {
    const before = this.#version(blob);
    // What is not a ciphertext may stand anywhere.
    if (blob !== undefined && after && name && isCiphertext(name.stored) && before?.has(name.stored)) {
      this.#names.set(blob, name);
      return [];
    }
    if (blob !== undefined && !before?.entries) return this.#passOver(blob, after);
    // The file on the disk may be damaged, and nothing newer can stand for it.
    if (after && !after.entries) return [];
    const label = name?.label ?? this.#known[0];
    const changes = await changesBetween(after, before, this.#digests, label);
    if (blob !== undefined && label !== undefined) this.#follow(blob, before, label, changes);
    return changes;
  }

  /** What cannot be read is taken for what came after it. */
  #passOver(blob: string, after: Version | undefined): readonly EntryChange[] {
    this.#passed++;
    if (after) this.#instead.set(blob, after);
    return [];
  }

  #follow(blob: string, before: Version | undefined, label: string, changes: readonly EntryChange[]): void {
    const renamed = changes.find(({ entry, formerly }) => entry === label && formerly !== undefined);
    const then = renamed?.formerly ?? label;
    if (!this.#known.includes(then)) this.#known.unshift(then);
    this.#know(blob, before, then);
  }

  #know(blob: string, version: Version | undefined, label: string) {
    const stored = version?.entries?.get(label);
    const name = stored === undefined ? undefined : { label, stored: stored.slice(stored.indexOf(' ') + 1) };
    if (name && isCiphertext(name.stored)) this.#names.set(blob, name);
    return name;
  }

  /** What the entry that is asked about is called in a version. */
  #nameIn(blob: string, version: Version | undefined) {
    if (this.#known.length === 0) return undefined;
    const known = this.#names.get(blob);
    if (known) return known;
    const label = this.#known.find((one) => version?.entries?.has(one));
    return label === undefined ? undefined : this.#know(blob, version, label);
  }
}
