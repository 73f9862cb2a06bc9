import { equal, joined, tryUtf8, utf8, wipe } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import { readPublicKey, type SshPublicKey } from '../sshkey.ts';
import { WireReader, wireOf } from '../wire.ts';
import { ed25519Private, rsaPrivate, type SshPrivateKey } from './sshprivate.ts';

const magic = utf8('openssh-key-v1\0');
export const opensshType = 'OPENSSH PRIVATE KEY';

/** What an OpenSSH private key file says outside its private part (PROTOCOL.key). */
export interface OpensshFile {
  readonly cipher: string;
  readonly kdf: string;
  readonly kdfOptions: Uint8Array;
  readonly publicKey: SshPublicKey;
  /** Encrypted unless `cipher` is `none`. */
  readonly secret: Uint8Array;
  /** What follows: the tag of a cipher that has one. */
  readonly rest: Uint8Array;
}

/** The bytes of an OpenSSH private key file. Throws BAD_IDENTITY, with `what` as `readPrivatePem`. */
export function readOpenssh(bytes: Uint8Array): OpensshFile {
  const reader = new WireReader(bytes, 'BAD_IDENTITY');
  if (!equal(reader.take(magic.length), magic)) throw new LockstepError('BAD_IDENTITY');
  const cipher = reader.text();
  const kdf = reader.text();
  const kdfOptions = reader.bytes();
  if (reader.number() !== 1) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-kind' });
  const publicKey = readPublicKey(reader.bytes(), 'BAD_IDENTITY');
  if (!publicKey) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-kind' });
  return { cipher, kdf, kdfOptions, publicKey, secret: reader.bytes(), rest: reader.rest() };
}

/** Whether decrypted bytes start with two equal numbers: what shows that the pass phrase was right. */
export function looksDecrypted(secret: Uint8Array): boolean {
  return secret.length >= 8 && equal(secret.subarray(0, 4), secret.subarray(4, 8));
}

/** The key of a plain private part, which must be the one of `publicKey`, with its comment. Throws BAD_IDENTITY. */
export function readSecret(secret: Uint8Array, publicKey: SshPublicKey): SshPrivateKey {
  if (!looksDecrypted(secret)) throw new LockstepError('BAD_IDENTITY');
  const reader = new WireReader(secret.subarray(8), 'BAD_IDENTITY');
  if (reader.text() !== publicKey.type) throw new LockstepError('BAD_IDENTITY');
  const key = publicKey.type === 'ssh-rsa' ? readRsa(reader) : readEd25519(reader);
  const comment = tryUtf8(reader.bytes())?.trim() || undefined;
  const padded = reader.rest().every((byte, i) => byte === (i + 1) % 256);
  if (!padded || !equal(key.publicKey.wire, publicKey.wire)) throw new LockstepError('BAD_IDENTITY');
  return { ...key, comment };
}

function readEd25519(reader: WireReader): SshPrivateKey {
  const point = reader.bytes();
  const secret = reader.bytes();
  const whole = secret.length === 64 && equal(secret.subarray(32), point);
  if (!whole) throw new LockstepError('BAD_IDENTITY');
  return ed25519Private(secret.subarray(0, 32));
}

function readRsa(reader: WireReader): SshPrivateKey {
  const [n, e, d] = [reader.integer(), reader.integer(), reader.integer()];
  const [inverse, p, q] = [reader.integer(), reader.integer(), reader.integer()];
  return rsaPrivate({ n, e, d, p, q, inverse });
}

/** The block of a key without a pass phrase: `secret` is the plain private part. */
export function plainOpenssh(publicKey: SshPublicKey, secret: Uint8Array): Uint8Array {
  const head = joined(wireOf('none', 'none', ''), Uint8Array.of(0, 0, 0, 1));
  const parts = wireOf(publicKey.wire, secret);
  try {
    return joined(joined(magic, head), parts);
  } finally {
    wipe(parts);
  }
}
