import { tryUtf8 } from '../bytes.ts';
import type { OpenFile } from '../checklist/digests.ts';
import { type ErrorCode, LockstepError } from '../errors.ts';
import { formatOfBytes } from '../format/which.ts';
import type { Names } from '../people/names.ts';
import type { OwnValues } from '../scan/values.ts';
import { isSealed, readSealed, type Sealed } from '../sops/sealed.ts';
import type { FileFacts } from '../survey/facts.ts';

/** The files of a repository, as the disk, git's index or a commit has them. */
export interface Files {
  /** Every one, from the root, with forward slashes. */
  readonly paths: readonly string[];
  /** Throws as reading does; GONE for a file that is named and not there. */
  read(path: string): Promise<Uint8Array>;
}

/** A secret file, encrypted or to be, and the `.sops.yaml` that counts for it, if it is one of the files. */
export interface SecretFile {
  readonly path: string;
  readonly facts: FileFacts;
  readonly config: string | undefined;
}

/** What is checked. */
export interface Input {
  readonly files: Files;
  /** Those of them that are secret files. */
  readonly secret: readonly SecretFile[];
  /** Whether findings in a file are wanted; the others are read for what they say of those. */
  readonly wanted: (path: string) => boolean;
  readonly names: Names;
  /** Opens files with the keys at hand; throws NO_IDENTITY where there are none. Many are opened at once. */
  readonly open: OpenFile;
  /** The same with keys that a person has to do something for: then one after the other. Undefined where nobody is bothered. */
  readonly ask?: OpenFile;
  /** Where the values of secrets go, to be found in other files. */
  readonly values: Pick<OwnValues, 'add' | 'find'>;
}

export const encryptedOf = (secret: readonly SecretFile[]): ReadonlySet<string> =>
  new Set(secret.filter(({ facts }) => facts.kind === 'encrypted').map(({ path }) => path));

/** Reads files for a search; what cannot be read is kept in mind, so that nothing is passed over in silence. */
export class Reading {
  readonly #files: Files;
  readonly #unread = new Map<string, ErrorCode>();

  constructor(files: Files) {
    this.#files = files;
  }

  get paths(): readonly string[] {
    return this.#files.paths;
  }

  /** The files that were wanted and could not be read, and why. */
  get unread(): ReadonlyMap<string, ErrorCode> {
    return this.#unread;
  }

  /** Undefined for a file that is not there, or cannot be read. */
  async bytes(path: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#files.read(path);
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      if (error.code !== 'GONE' && error.code !== 'NOT_A_FILE') this.#unread.set(path, error.code);
      return undefined;
    }
  }

  /** Undefined also for what is no UTF-8. */
  async text(path: string): Promise<string | undefined> {
    const bytes = await this.bytes(path);
    return bytes && tryUtf8(bytes);
  }

  /** Undefined also for what is not encrypted, or not to be parsed. */
  async sealed(path: string): Promise<Sealed | undefined> {
    const bytes = await this.bytes(path);
    return bytes && sealedIn(path, bytes);
  }
}

/** The encrypted file that these bytes are; undefined for all else. */
export function sealedIn(path: string, bytes: Uint8Array): Sealed | undefined {
  try {
    const { format, text } = formatOfBytes(path, bytes);
    return isSealed(text, format) ? readSealed(text, format) : undefined;
  } catch {
    return undefined;
  }
}
