import { formatOfBytes } from '../format/which.ts';
import { binaryLeaves, plainLeaves } from '../seal/seal.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { isSealed, type Leaf, readSealed, type Sealed } from '../sops/sealed.ts';

/** An encrypted file of the repository. */
export interface Held {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** What it reads as, if somebody has read it: it is not parsed again. */
  readonly sealed?: Sealed | undefined;
}

/** What a version of a file holds, as far as no key is needed. */
interface Parsed {
  /** Undefined for one in plaintext. */
  readonly recipients: readonly string[] | undefined;
  /** Keys of other kinds that it is encrypted for. */
  readonly foreign: readonly KeyName[];
  /** Those that are encrypted, or would be. */
  readonly leaves: readonly Leaf[];
  readonly sealed: Sealed | undefined;
}

/** What a version of a file holds; undefined for one that cannot be read. @param whole all leaves, those that are not encrypted, too */
export function parsed(held: Held, whole = false): Parsed | undefined {
  const wanted = (leaves: readonly Leaf[]) => (whole ? leaves : leaves.filter(({ encrypted }) => encrypted));
  try {
    const sealed = sealedOf(held);
    if (!('format' in sealed))
      return { recipients: undefined, foreign: [], leaves: wanted(sealed.leaves), sealed: undefined };
    const { recipients, foreign } = sealed.metadata;
    return { recipients, foreign, leaves: wanted(sealed.leaves), sealed };
  } catch {
    return undefined;
  }
}

/** Throws what reading it throws. */
function sealedOf({ path, bytes, sealed }: Held): Sealed | Pick<Sealed, 'leaves'> {
  if (sealed) return sealed;
  const { format, text } = formatOfBytes(path, bytes);
  if (isSealed(text, format)) return readSealed(text, format);
  return { leaves: format === 'binary' ? binaryLeaves(bytes) : plainLeaves(text, format) };
}
