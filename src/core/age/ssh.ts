import type { Identity, Recipient } from 'age-encryption';
import { Ed25519Identity, Ed25519Recipient } from './ed25519.ts';
import { isRsa, type SshPrivateKey } from './private/sshprivate.ts';
import { RsaIdentity, RsaRecipient } from './rsa.ts';
import { readPublicLine } from './sshkey.ts';

/** Encrypts to an authorized_keys line of either kind. Throws BAD_RECIPIENT as `readPublicLine` does. */
export function sshRecipient(line: string): Recipient {
  const key = readPublicLine(line);
  return key.type === 'ssh-rsa' ? new RsaRecipient(key) : new Ed25519Recipient(key);
}

/** Decrypts with a private key, which stays the caller's to wipe. */
export function sshIdentity(key: SshPrivateKey): Identity {
  return isRsa(key) ? new RsaIdentity(key) : new Ed25519Identity(key);
}
