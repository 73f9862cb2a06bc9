import { LockstepError } from '../errors.ts';
import { byteOrderMark } from '../format/encoding.ts';
import type { DataKey } from '../keys/datakey.ts';
import { type Leaf, readSealed, type Sealed } from './sealed.ts';

/**
 * SOPS takes a byte order mark at the start of a dotenv file for a part of the first name (stores/dotenv/store.go splits at
 * `=` and does nothing else), and so of the key path that seals the first value. These two find out by that value whether
 * the mark was there when the file was encrypted.
 */

/** For a text that has the mark: without it where somebody's editor put it there after the file was encrypted. */
export async function withoutStrayMark(sealed: Sealed, key: DataKey): Promise<Sealed> {
  const [first] = sealed.leaves;
  if (!hasMark(sealed) || !first?.selected || (await opens(first, key))) return sealed;
  return readSealed(sealed.doc.text.slice(1), 'dotenv');
}

/** For a text from which the mark was taken (VS Code does so): the first leaf with the key path that seals it in the file. */
export async function withHiddenMark(sealed: Sealed, key: DataKey): Promise<Sealed> {
  const [first, ...rest] = sealed.leaves;
  if (sealed.format !== 'dotenv' || hasMark(sealed) || !first?.encrypted || (await opens(first, key))) return sealed;
  const marked = { ...first, aad: byteOrderMark + first.aad };
  return first.keySpan?.start === 0 && (await opens(marked, key)) ? { ...sealed, leaves: [marked, ...rest] } : sealed;
}

function hasMark({ format, doc }: Sealed): boolean {
  return format === 'dotenv' && doc.text.startsWith(byteOrderMark);
}

async function opens({ node, aad }: Leaf, key: DataKey): Promise<boolean> {
  if (node.scalar.type !== 'str' || typeof node.scalar.value !== 'string') return false;
  return node.scalar.value === '' || key.open(node.scalar.value, aad).then(Boolean, () => false);
}

/**
 * For changes that may put another entry first, where the text is without the mark that the file has: what sops would take
 * for that entry's name is not known here. Throws UNSUPPORTED_VALUE.
 */
export function requireNoHiddenMark(sealed: Sealed): void {
  if (sealed.format === 'dotenv' && !hasMark(sealed) && sealed.leaves[0]?.aad.startsWith(byteOrderMark))
    throw new LockstepError('UNSUPPORTED_VALUE', { what: 'byte-order-mark' });
}
