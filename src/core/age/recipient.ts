import { Encrypter, type Recipient } from 'age-encryption';
import { LockstepError } from '../errors.ts';
import { isPgpName } from '../pgp/name.ts';
import { pluginRecipient } from './plugin/machines.ts';
import { pluginOfRecipient } from './plugin/names.ts';
import { sshRecipient } from './ssh.ts';

/** Whether a text that should be a public key starts as a private one does, of age or SSH. */
export function isPrivateKey(text: string): boolean {
  return /^\s*(?:AGE-SECRET-KEY-|AGE-PLUGIN-|-----BEGIN [A-Z ]*PRIVATE KEY)/i.test(text);
}

/** Whether a text that should be a public key of age or SSH is, or names, one of PGP or of a cloud. A person copies fingerprints with blanks. */
export function isOtherKind(text: string): boolean {
  const bare = text.trim();
  return isPgpName(bare.replace(/\s+/g, '')) || /^(?:-----BEGIN PGP |arn:|projects\/|https?:\/\/)/.test(bare);
}

/**
 * A recipient that age can encrypt to here (X25519 or hybrid, `age1…`; of a plugin, `age1NAME1…`; `ssh-ed25519 …` and `ssh-rsa …`
 * with or without a comment), trimmed. Whether a plugin is installed shows when it is used. Throws BAD_RECIPIENT, with `what` for other SSH
 * keys (`ssh`), RSA keys of a length that age does not take (`rsa-size`), private keys (`private-key`) and those of PGP and clouds
 * (`other-kind`) from junk.
 */
export function checkRecipient(text: string): string {
  const recipient = text.trim();
  if (isPrivateKey(recipient)) throw new LockstepError('BAD_RECIPIENT', { what: 'private-key' });
  if (isOtherKind(recipient)) throw new LockstepError('BAD_RECIPIENT', { what: 'other-kind' });
  try {
    new Encrypter().addRecipient(recipientFor(recipient));
  } catch (error) {
    throw error instanceof LockstepError ? error : new LockstepError('BAD_RECIPIENT');
  }
  return recipient;
}

/** What age's library takes for a recipient that `checkRecipient` let through. */
export function recipientFor(recipient: string): string | Recipient {
  if (/^(ssh|ecdsa|sk)-/.test(recipient)) return sshRecipient(recipient);
  const plugin = pluginOfRecipient(recipient);
  return plugin === undefined ? recipient : pluginRecipient(plugin, recipient);
}
