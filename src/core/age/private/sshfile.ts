import { wipe } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import type { SshPublicKey } from '../sshkey.ts';
import { readPkcs1, readPkcs8 } from './der.ts';
import { opensshType, readOpenssh, readSecret } from './openssh.ts';
import { type Pem, readPem } from './pem.ts';
import type { SshPrivateKey } from './sshprivate.ts';

/** The first line of a private key file, of whatever kind. */
export const privateHeader = /^-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----$/;

/**
 * The key in the bytes of a block without a pass phrase, of the kinds and in the forms that age takes (Go's
 * `ssh.ParseRawPrivateKey`): OpenSSH's own, PKCS#1 and PKCS#8. Throws BAD_IDENTITY with `what`: `pkcs8-passphrase` (a protected
 * form that SSH tools do not make), `ssh-kind` (another kind of key), `rsa-size`.
 */
export function readPrivatePem(type: string, bytes: Uint8Array): SshPrivateKey {
  if (type === 'RSA PRIVATE KEY') return readPkcs1(bytes);
  if (type === 'PRIVATE KEY') return readPkcs8(bytes);
  if (type === 'ENCRYPTED PRIVATE KEY') throw new LockstepError('BAD_IDENTITY', { what: 'pkcs8-passphrase' });
  if (type !== opensshType) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-kind' });
  const file = readOpenssh(bytes);
  return readSecret(file.secret, file.publicKey);
}

/** Whether a private key file needs a pass phrase. Throws BAD_IDENTITY for what is no such file. */
export function isProtected(text: string): boolean {
  const pem = readPem(text);
  if (!pem) throw new LockstepError('BAD_IDENTITY');
  try {
    return isLocked(pem);
  } finally {
    wipe(pem.bytes);
  }
}

/** Whether a block needs a pass phrase. Throws BAD_IDENTITY. */
export function isLocked(pem: Pem): boolean {
  if (pem.type === opensshType) return readOpenssh(pem.bytes).cipher !== 'none';
  return pem.headers.get('Proc-Type') === '4,ENCRYPTED' && pem.type === 'RSA PRIVATE KEY';
}

/** The public key that a protected file shows; undefined for the old form, which shows none. Throws as `isProtected`. */
export function publicKeyOf(text: string): SshPublicKey | undefined {
  const pem = readPem(text);
  if (!pem) throw new LockstepError('BAD_IDENTITY');
  return pem.type === opensshType ? readOpenssh(pem.bytes).publicKey : undefined;
}
