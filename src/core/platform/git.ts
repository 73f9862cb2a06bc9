/** Who last changed a line, when and why. */
export interface LastChange {
  /** Abbreviated hash. */
  readonly commit: string;
  readonly summary: string;
  readonly time: Date;
  readonly author: string;
}

/** A file's bytes as one commit has them. */
export interface Version {
  /** Abbreviated hash of the newest commit that has them. */
  readonly commit: string;
  readonly time: Date;
  readonly bytes: Uint8Array;
}

/** What one commit did to one file. */
export interface PastChange {
  /** Abbreviated hash. */
  readonly commit: string;
  readonly time: Date;
  /** From the root of the work tree, with forward slashes. */
  readonly path: string;
  /** The name that it had before, where the commit renamed it. */
  readonly from: string | undefined;
  /** Names its bytes for `contents`; undefined where the commit took it away, and for what is no file. */
  readonly blob: string | undefined;
}

/** The history of a whole repository. */
export interface Past {
  /** Newest first, of every commit that a ref leads to. */
  readonly changes: readonly PastChange[];
  /** Why older changes are missing: the clone has no more (`shallow`), or there are more than are read (`more`). */
  readonly missing: 'shallow' | 'more' | undefined;
}

/** A commit's hash as people and files get it: one length everywhere, enough for large repositories too. */
export const abbreviated = (hash: string): string => hash.slice(0, 10);

/** A commit, by its full hash. */
export interface Commit {
  readonly hash: string;
  /** When it was committed. */
  readonly time: Date;
  readonly author: string;
  readonly summary: string;
}

/** Where git has files: in a commit, in the last one (`head`), in the index, or in the index as one side of a conflict (1: base, 2: ours, 3: theirs). */
export type At = Pick<Commit, 'hash'> | 'head' | 'index' | 1 | 2 | 3;

/** A regular file that git has. */
export interface FileAt {
  /** From the folder that was asked about, with forward slashes. */
  readonly path: string;
  /** Names its bytes for `contents`. */
  readonly blob: string;
}

/** A file's bytes; or why there are none. `no-content`: the clone does not have them, and nothing is fetched. `too-large`: over 5 MB. */
export type AtPath = Uint8Array | 'no-file' | 'no-content' | 'too-large';

/** A file that is not the same in two places. */
export interface ChangedFile {
  /** From the folder that was asked about, with forward slashes. */
  readonly path: string;
  /** Its name before, where it was renamed. */
  readonly from: string | undefined;
  /** Names its bytes for `contents`; undefined where there is no regular file. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** It is in conflict in the index, which then has no content of its own for it. */
  readonly unmerged: boolean;
}

/** What git's index has of a file in conflict. A side that is undefined has no such file. */
export interface Stages {
  readonly base: Uint8Array | undefined;
  readonly ours: Uint8Array | undefined;
  readonly theirs: Uint8Array | undefined;
  /** git has no content for one of them, as in a clone without all contents, or it is too large. */
  readonly isMissing: boolean;
  /** Somebody has added the file since: git keeps what it was until the commit. */
  readonly added: boolean;
}

/** A file as a parent of a commit has it. */
export interface Before {
  /** From the root of the work tree, with forward slashes. */
  readonly path: string;
  /** Names its bytes for `contents`. */
  readonly blob: string;
}

/** What one commit did to one file. */
export interface FileCommit {
  /** With the time that its author gave it. Undefined for the file on the disk, which comes first, beside what HEAD has. */
  readonly made: Commit | undefined;
  /** From the root of the work tree, with forward slashes. */
  readonly path: string;
  /** Names its bytes for `contents`; undefined where the commit took it away, and for the file on the disk. */
  readonly blob: string | undefined;
  /** As each parent has it, whatever it was called there; undefined for a parent without it. */
  readonly before: readonly (Before | undefined)[];
  /** The clone has nothing of what was before this commit. */
  readonly cut: boolean;
}

/** Reads contents that git keeps, one after the other, as they are asked for. */
export interface BlobReader {
  /** Undefined for one over 5 MB, one that is not there, and after the end. */
  read(blob: string): Promise<Uint8Array | undefined>;
  /** Ends git. */
  end(): void;
}

/** What git knows of a file. It runs in the file's repository, by whose configuration it is not led. */
export interface Git {
  /** The root folder of the work tree that holds a file; undefined outside git. */
  workTreeOf(path: string): Promise<string | undefined>;
  /** The file's path from the root of its work tree, with forward slashes; undefined outside git. */
  pathInWorkTree(path: string): Promise<string | undefined>;
  /** The files below a folder that git does not ignore, by their paths from it; undefined outside git. */
  filesIn(folder: string): Promise<readonly string[] | undefined>;
  /** Whether git's index holds the file; undefined outside git. */
  isTracked(path: string): Promise<boolean | undefined>;
  /** Whether a `.gitignore` or its like covers the file, tracked or not; undefined outside git. */
  isIgnored(path: string): Promise<boolean | undefined>;
  /** The diff driver by whose program (`textconv`) git shows the file in its diffs; undefined where there is none. */
  textconvOf(path: string): Promise<string | undefined>;
  /**
   * The last commit that changed a line (0-based), `'uncommitted'` for a line that HEAD does not have, undefined outside git or for
   * a file that HEAD does not have. `lineText` is the line in the editor; without it the line is read from the disk.
   */
  lastChange(path: string, line: number, lineText?: string): Promise<LastChange | 'uncommitted' | undefined>;
  /** The different contents that a path had in commits reachable from any ref, newest first, at most `limit`. None outside git. */
  versionsOf(path: string, limit?: number): AsyncIterable<Version>;
  /**
   * The commit that a person means by a revision (`HEAD~2`, a tag, a branch, a hash); undefined where there is none, outside git, and for what
   * begins with `-`.
   */
  commitOf(folder: string, rev: string): Promise<Commit | undefined>;
  /** The regular files below a folder, as git has them there; undefined outside git, and for a commit that is not there. */
  filesAt(folder: string, at: At): Promise<readonly FileAt[] | undefined>;
  /** The bytes of a file, by its path from `folder`, as git has them; undefined outside git, and for a commit that is not there. */
  bytesAt(folder: string, at: At, path: string): Promise<AtPath | undefined>;
  /**
   * The regular files below a folder that are not the same, with renames, where git can find them; undefined outside git, and for a commit
   * that is not there.
   */
  changedBetween(
    folder: string,
    before: Pick<Commit, 'hash'> | 'head',
    after: Pick<Commit, 'hash'> | 'head' | 'index',
  ): Promise<readonly ChangedFile[] | undefined>;
  /** The versions of a file in conflict; undefined where git's index knows of none, and outside git. */
  stagesOf(path: string): Promise<Stages | undefined>;
  /** The last `commits` commits of the repository that `folder` is in, whatever ref leads to them. Undefined outside git. */
  history(folder: string, commits?: number): Promise<Past | undefined>;
  /**
   * The file on the disk and the commits that changed it, newest first, as git finds them: those that HEAD leads to, or any ref with `all`.
   * Renames are followed, of every parent. A merge is there where it has what none of its parents has. None outside git. Whoever stops
   * reading ends git. @param folder the root of the work tree @param path from there. Throws GIT_FAILED where git gives up half-way.
   */
  fileLog(folder: string, path: string, all?: boolean): AsyncIterable<FileCommit>;
  /** For many contents: git is started once. */
  blobReader(folder: string): BlobReader;
  /** The bytes of some blobs in the order that they are asked for, each once; those over 5 MB and those that are not there are left out. */
  contents(
    folder: string,
    blobs: readonly string[],
  ): AsyncIterable<{ readonly blob: string; readonly bytes: Uint8Array }>;
}
