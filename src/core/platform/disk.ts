import { hashOf } from '../hash.ts';

/** What a file was when it was read, to be compared before it is replaced. */
export interface FileContent {
  /** Not to be changed: the hash is made of them when it is first asked for. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes. */
  readonly hash: string;
}

/** Bytes with their hash. */
export function contentOf(bytes: Uint8Array): FileContent {
  let hash: string | undefined;
  return {
    bytes,
    get hash() {
      hash ??= hashOf(bytes);
      return hash;
    },
  };
}

/** How a file is written. */
export interface HowToWrite {
  /** Of a file that is not there yet; less where the umask says so. */
  readonly newMode?: number;
  /** The bytes are plaintext, and what they replace is not. */
  readonly clear?: boolean;
  /** Whoever writes many files sees to it that their folders are down on the disk, by `syncFolders`. */
  readonly unsynced?: boolean;
}

/** For files without secrets, such as `.gitignore`. */
export const publicMode = 0o644;

/** New bytes for a file, complete on the disk beside it. One of `commit` and `discard` must follow. */
export interface Staged {
  /** The real file: symbolic links are followed. */
  readonly path: string;
  /** Throws what would make `commit` throw now, and leaves everything as it is. `expected` as in `commit`. */
  check(expected?: string): Promise<void>;
  /**
   * Puts the new bytes in the file's place in one step. With `expected`, the hash of what was read, it throws
   * CHANGED_ON_DISK if the file is another one by now, and GONE if there is none. A failure discards the new bytes. A file that
   * cannot be replaced is overwritten, which can end in HALF_WRITTEN.
   */
  commit(expected?: string): Promise<void>;
  discard(): Promise<void>;
}

/**
 * What a person should know right before a file is written: that it has other names, which keep the old content; or that it cannot
 * be replaced, so that it is overwritten, and where a whole copy is until that is done.
 */
export type WriteNote =
  | { readonly kind: 'names'; readonly path: string; readonly others: number }
  | {
      /** The second comes after the first, when writing failed and the file is damaged. */
      readonly kind: 'in-place' | 'half-written';
      readonly path: string;
      readonly why: 'mount' | 'no-rename';
      readonly copy: string;
      /** Of what is to be written, or of what stood there. */
      readonly holds: 'new' | 'old';
    };

/** Files by their paths, in the machine's spelling. */
export interface Disk {
  /** Reads a file whole. Throws GONE, NOT_A_FILE, TOO_LARGE (over `limit` bytes), READ_ONLY where reading is forbidden, IO. */
  read(path: string, limit?: number): Promise<FileContent>;
  /** Like `read`, but undefined when there is no file. */
  readIfThere(path: string): Promise<FileContent | undefined>;
  /**
   * Writes `bytes` to a file beside `path`; until that takes its place only its owner can read it. Throws READ_ONLY, DISK_FULL,
   * NOT_A_FILE, GONE (no folder), IO; then nothing is left behind.
   */
  stage(path: string, bytes: Uint8Array, how?: HowToWrite): Promise<Staged>;
  /** `stage` and `commit` in one: the file is the old one or the new one, whole. */
  write(path: string, bytes: Uint8Array, expected?: string, how?: HowToWrite): Promise<void>;
  /** Resolves when the folders of these files are down on the disk, each once: what was written with `unsynced` survives a power cut then. */
  syncFolders(paths: readonly string[]): Promise<void>;
  /** Throws GONE, NOT_A_FILE, READ_ONLY for a file that cannot be written now; a link is followed. */
  requireWritable(path: string): Promise<void>;
  /** Whether a path is a symbolic link itself. */
  isLink(path: string): Promise<boolean>;
  /** The real file where links lead to it out of a folder; undefined for one that is below, or not there. */
  leadsOut(path: string, folder: string): Promise<string | undefined>;
  /** How many names a file has besides this one. 0 when it is not there. */
  otherNames(path: string): Promise<number>;
  /** Whether a file that was found by looking upward may be anybody's, seen from the folder `here` that one works in. */
  isAnybodys(path: string, here: string): boolean;
  /** Who hears of writes from now on, instead of the last one. */
  listenToWrites(told: (note: WriteNote) => void): void;
}
