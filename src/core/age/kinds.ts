import { Decrypter, type Identity, type Recipient } from 'age-encryption';
import { wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { sshIdentity, sshRecipient } from './ssh.ts';
import { secretBytes } from './x25519.ts';

/** Whether an identity is the text of a private key file. */
export const isSshKey = (identity: string) => identity.trimStart().startsWith('-----BEGIN ');

/** What age's library takes for an identity. Throws BAD_IDENTITY, or anything when it is junk. */
export function identityFor(identity: string): string | Identity {
  return isSshKey(identity) ? sshIdentity(identity) : identity;
}

/** What age's library takes for a recipient that `checkRecipient` let through. */
export function recipientFor(recipient: string): string | Recipient {
  return /^(ssh|ecdsa|sk)-/.test(recipient) ? sshRecipient(recipient) : recipient;
}

/** Throws BAD_IDENTITY, with `what` as `readPrivateFile` or none, for text that is no identity. */
export function checkIdentity(identity: string): void {
  const secret = secretBytes(identity);
  // The library would compute its public key at once.
  if (secret) return wipe(secret);
  try {
    new Decrypter().addIdentity(identityFor(identity));
  } catch (error) {
    throw error instanceof LockstepError && error.code === 'BAD_IDENTITY' ? error : new LockstepError('BAD_IDENTITY');
  }
}
