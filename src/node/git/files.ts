import { LockstepError } from '../../core/errors.ts';
import { holdsBytes } from '../../core/format/encoding.ts';
import type { At } from '../../core/platform/git.ts';
import { bytesAt, filesAt } from './at.ts';
import { readBlobs } from './blobs.ts';
import type { git } from './run.ts';

/** Files that are read together, since each start of git takes a while. */
const together = 200;

/** The files of a version, read in about the order of their paths. */
export class FilesAt {
  readonly #folder: string;
  readonly #at: At;
  readonly #run: typeof git;
  readonly #blobs: ReadonlyMap<string, string>;
  /** Those that are read without anybody asking, in order. */
  readonly #likely: readonly string[];
  /** By blob: the last ones that were read. */
  #window = new Map<string, Uint8Array>();

  private constructor(folder: string, at: At, run: typeof git, blobs: ReadonlyMap<string, string>, likely: string[]) {
    this.#folder = folder;
    this.#at = at;
    this.#run = run;
    this.#blobs = blobs;
    this.#likely = likely;
  }

  /**
   * Undefined outside git, and for a commit that is not there.
   * @param likely which files will be read, so that they are read together @param run git, as the repository or as the environment leads it
   */
  static async of(
    folder: string,
    at: At,
    likely: (path: string) => boolean,
    run: typeof git,
  ): Promise<FilesAt | undefined> {
    const files = await filesAt(folder, at, run, true);
    if (!files) return undefined;
    const blobs = new Map(files.map(({ path, blob }) => [path, blob]));
    return new FilesAt(folder, at, run, blobs, [...blobs.keys()].filter(likely).sort());
  }

  /** Every one, from the folder, sorted; a name that is no UTF-8 as `textOfBytes` has it. */
  get paths(): string[] {
    return [...this.#blobs.keys()].sort();
  }

  /** Throws GONE, TOO_LARGE, and IO for a file whose content this clone does not have: nothing is fetched. */
  async read(path: string): Promise<Uint8Array> {
    const blob = this.#blobs.get(path);
    if (blob === undefined) throw new LockstepError('GONE');
    const known = this.#window.get(blob) ?? (await this.#load(path, blob));
    if (known) return known;
    // git is given no name that is no UTF-8: what it has in full is read with the others.
    const why = holdsBytes(path) ? 'too-large' : await bytesAt(this.#folder, this.#at, path, this.#run);
    if (why instanceof Uint8Array) return why;
    throw new LockstepError(why === 'too-large' ? 'TOO_LARGE' : why === 'no-file' ? 'GONE' : 'IO');
  }

  async #load(path: string, blob: string): Promise<Uint8Array | undefined> {
    const from = this.#likely.indexOf(path);
    const next = from < 0 ? [] : this.#likely.slice(from, from + together);
    const ids = new Set([blob, ...next.flatMap((one) => this.#blobs.get(one) ?? [])]);
    const window = from < 0 ? this.#window : new Map<string, Uint8Array>();
    const wanted = [...ids].map((id) => ({ id }));
    for await (const { blob: found, bytes } of readBlobs(this.#folder, wanted, this.#run)) window.set(found.id, bytes);
    this.#window = window;
    return window.get(blob);
  }
}
