import { tryUtf8 } from '../bytes.ts';
import { DataKey } from '../keys/datakey.ts';
import { type Opened, openedValues } from '../open/open.ts';
import type { Leaf, Sealed } from '../sops/sealed.ts';
import { isDotenvx, openDotenvx } from '../tokens/dotenvx.ts';
import type { Scalar } from '../tree/value.ts';
import { rawOf, valueIn } from './file.ts';

/**
 * The file with its values as far as they open: no MAC binds them together, so one that does not open says nothing of the others.
 * @param secret the private key; without it only what is not encrypted has a value, and any value can be replaced
 * @param previous an earlier version of it, whose ciphertext is not decrypted again
 */
export async function openDotenvxFile(sealed: Sealed, secret: string | undefined, previous?: Opened): Promise<Opened> {
  const known = previous && knownIn(previous);
  const values: (Scalar | undefined)[] = [];
  for (const leaf of sealed.leaves) {
    const text = stored(sealed, leaf);
    values.push(known?.get(text) ?? (await valueBehind(text, secret)));
  }
  // A key of this process alone: nothing in the file is encrypted by it.
  return openedValues(sealed, await DataKey.generate(), values);
}

/** Whether some of its values are encrypted for a key that is not at hand. */
export const isPartlyOpen = (opened: Opened): boolean =>
  opened.sealed.leaves.some((_, i) => opened.valueAt(i) === undefined);

const stored = ({ doc }: Sealed, { node }: Leaf): string => valueIn(rawOf(doc, { value: node }));

async function valueBehind(text: string, secret: string | undefined): Promise<Scalar | undefined> {
  if (!isDotenvx(text)) return { type: 'str', value: text };
  const bytes = secret === undefined ? undefined : await openDotenvx(text, secret).catch(() => undefined);
  return bytes && { type: 'str', value: tryUtf8(bytes) ?? bytes };
}

/** Ciphertext has a key of its own in it, so the same text is the same value. */
function knownIn(opened: Opened): Map<string, Scalar> {
  const { sealed } = opened;
  if (!sealed.dotenvx) return new Map();
  return new Map(
    sealed.leaves.flatMap((leaf, i) => {
      const value = leaf.encrypted ? opened.valueAt(i) : undefined;
      return value ? [[stored(sealed, leaf), value] as const] : [];
    }),
  );
}
