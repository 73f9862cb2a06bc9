import type { Identity, Recipient } from 'age-encryption';
import { Ed25519Identity, Ed25519Recipient } from './ed25519.ts';
import { RsaIdentity, RsaRecipient } from './rsa.ts';
import { readPrivateFile } from './sshfile.ts';
import { readPublicLine } from './sshkey.ts';
import { isRsa } from './sshprivate.ts';

/** Encrypts to an authorized_keys line of either kind. Throws BAD_RECIPIENT as `readPublicLine` does. */
export function sshRecipient(line: string): Recipient {
  const key = readPublicLine(line);
  return key.type === 'ssh-rsa' ? new RsaRecipient(key) : new Ed25519Recipient(key);
}

/** Decrypts with a private key file's text. Throws BAD_IDENTITY as `readPrivateFile` does. */
export function sshIdentity(file: string): Identity {
  const key = readPrivateFile(file);
  return isRsa(key) ? new RsaIdentity(key) : new Ed25519Identity(key);
}
