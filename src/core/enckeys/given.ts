import type { Handed } from '../env/nested.ts';
import type { SecretName } from '../env/secretnames.ts';
import { managerOf } from '../managers/reference.ts';
import { sizeOf } from './payload.ts';

/**
 * The name of the encryption key that a value is; undefined for another. A variable of a `.env` that is only called like a key, as
 * `ENCRYPTION_KEY_DAYS=30` is, is a variable. A reference to another manager may stand for a key.
 */
export function keyNameOf({ encryptionKey, path, value }: Omit<Handed, 'variable'>): string | undefined {
  const isKey = path.length > 1 || sizeOf(value) !== undefined || managerOf(value) !== undefined;
  return isKey ? encryptionKey : undefined;
}

/**
 * Whether a value stays behind where a program gets every value of a file: it is in the group of encryption keys, and no variable is
 * written down for it. What is in a `.env` is a variable that programs count on, also when it is a key.
 */
export function staysBehind({ isNamed, encryptionKey, path }: Handed & Pick<SecretName, 'isNamed'>): boolean {
  return !isNamed && encryptionKey !== undefined && path.length > 1;
}
