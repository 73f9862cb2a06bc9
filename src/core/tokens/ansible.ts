import { wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { fromHex } from './bytes.ts';
import { checkSigned, stretched } from './ciphers.ts';

// ansible-vault (lib/ansible/parsing/vault): a line that says how, and hexadecimal of three hexadecimal lines: salt, HMAC, ciphertext.
const header = /^\$ANSIBLE_VAULT;(\d+\.\d+);([^;\s]+)(?:;\S+)?\s*$/;
const rounds = 10_000;

/** Whether a text is a file or an inline value of ansible-vault. */
export const isAnsible = (text: string): boolean => text.startsWith('$ANSIBLE_VAULT;');

/**
 * The plain bytes of a file or of an inline value, which may be indented. Throws BAD_TOKEN, `unsupported` for another version or cipher;
 * BAD_TOKEN_KEY when the password does not open it.
 */
export async function openAnsible(text: string, password: string): Promise<Uint8Array> {
  const [salt, hmac, sealed] = partsOf(text);
  const keys = await stretched(password, salt, rounds, 80);
  try {
    await checkSigned(keys.subarray(32, 64), sealed, hmac);
    const aes = await crypto.subtle.importKey('raw', keys.subarray(0, 32), 'AES-CTR', false, ['decrypt']);
    const how: AesCtr = { name: 'AES-CTR', counter: keys.subarray(64), length: 128 };
    return unpadded(new Uint8Array(await crypto.subtle.decrypt(how, aes, sealed)));
  } finally {
    wipe(keys);
  }
}

function partsOf(text: string): readonly [salt: Uint8Array, hmac: Uint8Array, sealed: Uint8Array] {
  const [first = '', ...lines] = text.trim().split(/\r?\n/);
  const [, version = '', cipher] = header.exec(first) ?? [];
  if (cipher === undefined) throw new LockstepError('BAD_TOKEN');
  if (!/^1\.[12]$/.test(version) || cipher !== 'AES256') throw new LockstepError('BAD_TOKEN', { what: 'unsupported' });
  const outer = hexOf(lines.map((line) => line.trim()).join(''));
  const inner = new TextDecoder('latin1').decode(outer).split('\n');
  const [salt, hmac, sealed] = inner.map(hexOf);
  if (inner.length > 3) throw new LockstepError('BAD_TOKEN', { what: 'altered' });
  if (!salt || !hmac || !sealed || hmac.length !== 32 || sealed.length === 0 || sealed.length % 16 !== 0)
    throw new LockstepError('BAD_TOKEN', { what: 'truncated' });
  return [salt, hmac, sealed];
}

function hexOf(text: string): Uint8Array {
  if (/[^\da-f]/i.test(text)) throw new LockstepError('BAD_TOKEN', { what: 'altered' });
  const bytes = fromHex(text);
  if (!bytes) throw new LockstepError('BAD_TOKEN', { what: 'truncated' });
  return bytes;
}

/** PKCS#7. What was signed with the key and is not padded so, is nothing that ansible-vault wrote. */
function unpadded(bytes: Uint8Array): Uint8Array {
  const count = bytes.at(-1) ?? 0;
  if (count < 1 || count > 16 || !bytes.subarray(-count).every((byte) => byte === count))
    throw new LockstepError('BAD_TOKEN', { what: 'altered' });
  const plain = bytes.slice(0, -count);
  wipe(bytes);
  return plain;
}
