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
  /** When each line of a file, as HEAD has it, was last changed, by the line's text. Undefined as for `lastChange`. */
  lineTimes(path: string): Promise<ReadonlyMap<string, Date> | undefined>;
  /** The different contents that a path had in commits reachable from any ref, newest first, at most `limit`. None outside git. */
  versionsOf(path: string, limit?: number): AsyncIterable<Version>;
  /** The last `commits` commits of the repository that `folder` is in, whatever ref leads to them. Undefined outside git. */
  history(folder: string, commits?: number): Promise<Past | undefined>;
  /** The bytes of some blobs in the order that they are asked for, each once; those over 5 MB and those that are not there are left out. */
  contents(
    folder: string,
    blobs: readonly string[],
  ): AsyncIterable<{ readonly blob: string; readonly bytes: Uint8Array }>;
}
