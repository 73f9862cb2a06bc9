import type { Keyring } from '../core/keys/keyring.ts';
import { standardKeyring } from '../node/identities.ts';
import { exit, Failure } from './failure.ts';
import type { Call } from './verbs.ts';

/** The identities of the places where sops looks for them. */
export function keyringOf({ io }: Call): Keyring {
  return standardKeyring(io.env, io.home, io.platform);
}

/** The kinds of keys in the order of `--decryption-order`; undefined for the usual one. Throws Failure for one named twice. */
export function decryptionOrder({ flags }: Call): readonly string[] | undefined {
  const order = flags.text('decryption-order')?.split(',');
  const twice = order?.find((kind, i) => order.indexOf(kind) < i);
  if (twice !== undefined)
    throw new Failure(exit.duplicateKeyType, 'A kind of key stands twice in --decryption-order.', 'Name each once.');
  return order;
}
