import { formatOfBytes } from '../format/which.ts';
import { binaryLeaves, plainLeaves } from '../seal/seal.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { isSealed, type Leaf, readSealed } from '../sops/sealed.ts';

/** An encrypted file of the repository. */
export interface Held {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What a version of a file holds, as far as no key is needed. */
interface Parsed {
  /** Undefined for one in plaintext. */
  readonly recipients: readonly string[] | undefined;
  /** Keys of other kinds that it is encrypted for. */
  readonly foreign: readonly KeyName[];
  /** Those that are encrypted, or would be. */
  readonly leaves: readonly Leaf[];
}

/** What a version of a file holds; undefined for one that cannot be read. @param whole all leaves, those that are not encrypted, too */
export function parsed({ path, bytes }: Held, whole = false): Parsed | undefined {
  const wanted = (leaves: readonly Leaf[]) => (whole ? leaves : leaves.filter(({ encrypted }) => encrypted));
  try {
    const { format, text } = formatOfBytes(path, bytes);
    if (isSealed(text, format)) {
      const { leaves, metadata } = readSealed(text, format);
      return { recipients: metadata.recipients, foreign: metadata.foreign, leaves: wanted(leaves) };
    }
    const leaves = format === 'binary' ? binaryLeaves(bytes) : plainLeaves(text, format);
    return { recipients: undefined, foreign: [], leaves: wanted(leaves) };
  } catch {
    return undefined;
  }
}
