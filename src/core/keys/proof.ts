import { LockstepError } from '../errors.ts';
import type { FormatId } from '../format/document.ts';
import { macAad } from '../sops/mac.ts';
import type { Metadata } from '../sops/metadata.ts';
import { readSealed, type Sealed } from '../sops/sealed.ts';
import { DataKey } from './datakey.ts';
import type { Keyring } from './keyring.ts';
import { wrongService } from './openedentry.ts';
import { othersAsleep, wakeOthers } from './others.ts';
import { UnwrapError, unwrapDataKey } from './unwrap.ts';

/**
 * What every change of keys is put to before it takes the old file's place: the identities at hand still open it, under their
 * own names, and what comes out is the key of this file. Throws LOCKED_OUT, with `missing` when keys of so many more groups
 * would be needed; MISLABELLED_KEY, BAD_DATA_KEY, and what `wakeOthers` throws.
 * @param text of the changed file. @param read what it reads as, if somebody has read it.
 */
export async function requireStillOpens(
  text: string,
  format: FormatId,
  keyring: Keyring,
  read?: Sealed,
): Promise<void> {
  const sealed = read?.doc.text === text ? read : readSealed(text, format);
  const { raw, entries } = await unwrapAwake(sealed.metadata, keyring).catch((error) => {
    if (!(error instanceof UnwrapError)) throw error;
    const missing = 'missing' in error.place ? error.place.missing : undefined;
    throw new LockstepError('LOCKED_OUT', missing === undefined ? {} : { missing });
  });
  const key = await DataKey.from(raw, entries);
  try {
    key.requireOwnLabels();
    await requireOwnKey(sealed, key);
  } finally {
    key.dispose();
  }
}

/** gpg may have forgotten the pass phrase that opened the file before. A person is at it, and can be asked. */
async function unwrapAwake(metadata: Metadata, keyring: Keyring): ReturnType<typeof unwrapDataKey> {
  try {
    return await unwrapDataKey(metadata, keyring);
  } catch (error) {
    const wanted = metadata.groups.flat();
    if (!(error instanceof UnwrapError && othersAsleep(wanted))) throw error;
    await wakeOthers(wanted);
    return unwrapDataKey(metadata, keyring);
  }
}

/**
 * Parts that do not belong together give a key that opens nothing, and nothing but that shows it. Wrapped for everybody it
 * would be the end of the file. Throws BAD_DATA_KEY; KEY_SERVICE (`other-key`) where a key service gave it, or a part of it.
 */
export async function requireOwnKey({ metadata, leaves }: Sealed, dataKey: DataKey): Promise<void> {
  const opens = (enc: string, aad: string) =>
    dataKey.open(enc, aad).then(
      () => true,
      () => false,
    );
  dataKey.requireAlive();
  if (metadata.mac !== undefined && (await opens(metadata.mac, macAad(metadata.lastModified)))) return;
  for (const { node, aad, encrypted } of leaves)
    if (encrypted && node.scalar.type === 'str' && (await opens(String(node.scalar.value), aad))) return;
  throw wrongService(metadata, dataKey.entries) ?? new LockstepError('BAD_DATA_KEY', { what: 'other-key' });
}
