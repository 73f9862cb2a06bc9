import type { Opener } from '../keys/opener.ts';
import type { PrivateKey } from './private/privatekey.ts';

/** Opens what is encrypted to a private key of age or SSH. The key stays the caller's to wipe. */
export function ageOpener(key: PrivateKey, about: Pick<Opener, 'label' | 'recipient' | 'source'>): Opener {
  return { ...about, kind: 'age', unwrap: ({ enc }) => key.unwrap(enc), fileKey: (stanzas) => key.fileKey(stanzas) };
}
