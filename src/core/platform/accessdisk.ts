import type { AccessEvent } from '../access/event.ts';
import type { Head } from '../access/record.ts';
import type { LogFile } from '../access/verify.ts';

/** What came of an append. */
export interface Appended {
  readonly head: Head;
  /** How many records were gone from the end of the log before this; a record says so. 0 where all was well. */
  readonly lost: number;
}

/** A log as it is on the disk. */
export interface StoredLog {
  /** Oldest first. */
  readonly files: readonly LogFile[];
  /** What the log had reached by the file beside it. */
  readonly head: Head;
}

/** Where access logs are kept; several processes may write to one. */
export interface AccessDisk {
  /** Adds a record to the log in a folder, which is made if need be. Throws READ_ONLY, DISK_FULL, NOT_A_FILE, GONE, IO. */
  append(folder: string, event: AccessEvent, now: Date): Promise<Appended>;
  /** Empty where there is none. Throws as `append`. */
  read(folder: string): StoredLog;
  /** The folder of the command line's log; undefined where this user has no place for one. */
  readonly ofCommandLine: string | undefined;
  /**
   * Adds a line to the notices of a repository that wants them, or that `make` says shall have them. Resolves to false where it
   * wants none. Throws as `append`; NOT_A_FILE where a link leads elsewhere.
   */
  addNotice(root: string, file: string, line: string, make: boolean): Promise<boolean>;
}
