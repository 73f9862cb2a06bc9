import * as keytext from '../../../src/core/age/private/keytext.ts';
import { PrivateKey, privateText } from '../../../src/core/age/private/privatekey.ts';
import { unlockPrivateFile as unlock } from '../../../src/core/age/private/sshunlock.ts';
import { LockstepError } from '../../../src/core/errors.ts';

/** Private keys as text, which tests write into key files and compare. The product hands none out. */

export const generateIdentity = async () => privateText(PrivateKey.generate());

export const recipientOf = (identity: string) => PrivateKey.of(identity).recipient();

export const parseIdentities = (text: string) => keytext.parseIdentities(text).map(privateText);

export function readKeyText(text: string) {
  const { keys, locked } = keytext.readKeyText(text);
  return { identities: keys.map(({ key, comment }) => ({ text: privateText(key), comment })), locked };
}

export const unlockPrivateFile = async (file: string, passphrase: string) =>
  privateText(await unlock(file, passphrase));

/** What an identity makes of an age file: undefined also when the file is broken, or the text is no identity. */
export async function unwrapKey(enc: string, identity: string): Promise<Uint8Array | undefined> {
  try {
    return await PrivateKey.of(identity).unwrap(enc);
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}
