import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8, wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { fernetKey, openFernet, sealFernet } from './fernet.ts';

// Flowfile (flowfile_core/secret_manager): `$ffsec$1$USER$` and a Fernet token under a key that is made for the user.
const prefix = '$ffsec$';
const shape = /^\$ffsec\$1\$(\d{1,15})\$(.*)$/s;

/** Whether a text is a stored secret of Flowfile since 0.5.4; older ones are Fernet tokens. */
export const isFlowfile = (text: string): boolean => text.startsWith(prefix);

/** Flowfile's key is that of Fernet, and the bytes of its text are what keys are made of. Throws BAD_TOKEN_KEY `flowfile`. */
function masterKey(text: string): string {
  // Flowfile's core takes these away from what it finds in the environment.
  const word = text
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim();
  try {
    wipe(fernetKey(word));
    return word;
  } catch {
    throw new LockstepError('BAD_TOKEN_KEY', { what: 'flowfile' });
  }
}

const userKey = (master: string, user: number) =>
  hkdf(sha256, utf8(master), utf8('flowfile-secrets-v1'), utf8(`user-${user}`), 32);

/**
 * The plain bytes of a stored secret, of either kind. Throws BAD_TOKEN, `unsupported` for one of a version to come; BAD_TOKEN_KEY.
 * @param user whose a secret of the old kind is, if that is known
 */
export async function openFlowfile(value: string, master: string, user?: number): Promise<Uint8Array> {
  const word = value.trim();
  const key = masterKey(master);
  if (!isFlowfile(word)) return openOld(word, key, user);
  const [, owner, token] = shape.exec(word) ?? [];
  if (owner === undefined || token === undefined)
    throw new LockstepError('BAD_TOKEN', { what: /^\$ffsec\$(?!1\$)\d+\$/.test(word) ? 'unsupported' : 'truncated' });
  return openFernet(token, userKey(key, Number(owner)));
}

/** Under the master key; a part of Flowfile also makes such with the key of a user. */
async function openOld(token: string, master: string, user: number | undefined): Promise<Uint8Array> {
  try {
    return await openFernet(token, fernetKey(master));
  } catch (error) {
    if (user === undefined || !(error instanceof LockstepError) || error.code !== 'BAD_TOKEN_KEY') throw error;
    return openFernet(token, userKey(master, user));
  }
}

/** A secret as Flowfile stores it for a user, by the number. Throws BAD_TOKEN_KEY `flowfile`. */
export async function sealFlowfile(plain: Uint8Array, master: string, user: number, now: Date): Promise<string> {
  return `${prefix}1$${user}$${await sealFernet(plain, userKey(masterKey(master), user), now)}`;
}
