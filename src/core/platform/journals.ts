/** What git is in the middle of in a work tree. */
export type GitState = 'merge' | 'rebase' | 'cherry-pick' | 'revert';

/**
 * What a change of many files needs of the machine besides its files: a place where it is written down while it is on its way, and
 * who wrote it. The journal is `.lockstep/journal` in the root, the folder that holds all of the files.
 */
export interface Journals {
  /**
   * The journal of a root, undefined when there is none. Throws NOT_A_FILE where it, or the folder that it is in, is a link or no
   * file; TOO_LARGE, READ_ONLY, IO.
   */
  read(root: string): Promise<Uint8Array | undefined>;
  /** Resolves when the journal is down on the disk, whole. Throws IN_PROGRESS when there is one, and what writing a file throws. */
  write(root: string, bytes: Uint8Array): Promise<void>;
  /** Removes the journal, what a killed process left beside it, and its folder when nothing else is in it. */
  remove(root: string): Promise<void>;
  /**
   * The HMAC of a journal of this root under a key that only this user on this machine has, so that a journal that came with a
   * repository is known. Undefined where there is no place for the key.
   */
  seal(root: string, bytes: Uint8Array): Promise<string | undefined>;
  /** This process, by a name that others on this machine can look for. */
  readonly self: string;
  /** Whether that process still runs. */
  runs(process: string): boolean;
  /** Removes what a killed process left beside a file: new bytes that did not take its place. */
  clean(path: string): Promise<void>;
  /** The real file behind a path, links followed; the path itself where there is none. */
  real(path: string): Promise<string>;
  /** Removes a file that a change has made. Throws what the file system says. */
  unlink(path: string): Promise<void>;
  /** What git is in the middle of where a folder is; undefined for nothing, and outside git. */
  gitState(folder: string): Promise<GitState | undefined>;
}
