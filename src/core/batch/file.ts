import { utf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { Disk, FileContent } from '../platform/disk.ts';
import type { Journals } from '../platform/journals.ts';
import type { SealedBytes } from '../seal/prove.ts';

/** The machine that many files are changed on. */
export interface Machine {
  readonly disk: Disk;
  readonly journals: Journals;
}

interface Changed {
  /** Absolute, in the machine's spelling. */
  readonly path: string;
  /** The file as it was read; undefined for one that is not there yet. */
  readonly before: FileContent | undefined;
}

/**
 * One file of a change of many: an encrypted text that was proved, or a text without secrets (`.sops.yaml`, and what is in
 * `.lockstep`; nothing else is taken).
 */
export type BatchFile =
  | (Changed & {
      readonly sealed: SealedBytes;
      /** The bytes before are plaintext, so they are written down nowhere: after a kill this file is finished, not put back. */
      readonly wasPlain?: boolean;
    })
  | (Changed & { readonly config: string });

export const bytesOf = (file: BatchFile): Uint8Array => ('sealed' in file ? file.sealed : utf8(file.config));

/** Why a file is held up. Paths are absolute. */
export interface Failure {
  readonly path: string;
  readonly error: LockstepError;
}

/** Who follows a change of many files, and may stop it. */
export interface Watch {
  /** Called after each file. */
  readonly progress?: (step: 'prepare' | 'write', done: number, total: number) => void;
  /** Asked before each file until the first one is replaced; after that a change runs to its end. */
  readonly cancelled?: () => boolean;
  /** Whether a file has unsaved edits in some editor: such a file is not written. Asked last right before the first one is replaced. */
  readonly unsaved?: (path: string) => boolean;
}

/** What has become of a change of many files. */
export type Outcome =
  | { readonly kind: 'done'; readonly files: readonly string[] }
  | { readonly kind: 'cancelled' }
  /** Nothing was written. */
  | { readonly kind: 'refused'; readonly failures: readonly Failure[] }
  /** Some files were written, and are again as they were. */
  | { readonly kind: 'put-back'; readonly failures: readonly Failure[] }
  /** Some files are new and some are old. The journal stays, and the next start finishes it or puts everything back. */
  | {
      readonly kind: 'half';
      readonly failures: readonly Failure[];
      readonly written: readonly string[];
      readonly rest: readonly string[];
    };

/** Does `work`; what it throws on purpose, with the path. */
export async function failureOf(path: string, work: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return { path, error };
  }
}
