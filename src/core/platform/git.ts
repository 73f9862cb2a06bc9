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

/** What git knows of a file. It runs in the file's repository, by whose configuration it is not led. */
export interface Git {
  /** The root folder of the work tree that holds a file; undefined outside git. */
  workTreeOf(path: string): Promise<string | undefined>;
  /** The file's path from the root of its work tree, with forward slashes; undefined outside git. */
  pathInWorkTree(path: string): Promise<string | undefined>;
  /** Whether git's index holds the file; undefined outside git. */
  isTracked(path: string): Promise<boolean | undefined>;
  /** Whether a `.gitignore` or its like covers the file, tracked or not; undefined outside git. */
  isIgnored(path: string): Promise<boolean | undefined>;
  /**
   * The last commit that changed a line (0-based), `'uncommitted'` for a line that HEAD does not have, undefined outside git or for
   * a file that HEAD does not have. `lineText` is the line in the editor; without it the line is read from the disk.
   */
  lastChange(path: string, line: number, lineText?: string): Promise<LastChange | 'uncommitted' | undefined>;
  /** When each line of a file, as HEAD has it, was last changed, by the line's text. Undefined as for `lastChange`. */
  lineTimes(path: string): Promise<ReadonlyMap<string, Date> | undefined>;
  /** The different contents that a path had in commits reachable from any ref, newest first, at most `limit`. None outside git. */
  versionsOf(path: string, limit?: number): AsyncIterable<Version>;
}
