import type { Manager } from '../managers/kinds.ts';
import type { Path } from '../tree/path.ts';

/** A value of a file, which may be a reference to a secret that another manager has. */
export interface Stored {
  /** For errors. */
  readonly path: Path;
  readonly value: string;
}

/** What a program gets of it. It is plaintext. */
export interface Fetched {
  readonly value: string;
  /** Where it came from; undefined where the value was no reference. */
  readonly manager: Manager | undefined;
}

/** Secrets of other managers, asked for by their own programs. */
export interface Managers {
  /**
   * The values, with secrets in place of references; a reference in a secret stays. Each is asked for once. Nothing is kept. Throws MANAGER with
   * the path of the first that does not come.
   * @param folders where the work is: no program is started that lies in them or their repositories
   */
  fetch(all: readonly Stored[], folders: readonly string[]): Promise<Fetched[]>;
}
