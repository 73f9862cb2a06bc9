import { base64, equal, fromBase64, fromUtf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';

/** An Ed25519 public key in OpenSSH's forms. */
export interface SshPublicKey {
  /** The wire form: what is hashed, and what the base64 of an authorized_keys line holds. */
  readonly wire: Uint8Array;
  /** The 32 bytes of the key itself. */
  readonly point: Uint8Array;
}

const keyType = 'ssh-ed25519';

/** `ssh-ed25519 AAAA…` without the comment that may follow. */
export function bareRecipient(recipient: string): string {
  return recipient.startsWith('ssh-') ? recipient.trim().split(/\s+/).slice(0, 2).join(' ') : recipient.trim();
}

/** An authorized_keys line of an Ed25519 key, comment allowed. Throws BAD_RECIPIENT, `what` naming other SSH kinds. */
export function readPublicLine(line: string): SshPublicKey {
  const [type, body = ''] = line.trim().split(/\s+/);
  if (type !== keyType) throw new LockstepError('BAD_RECIPIENT', { what: 'ssh' });
  const wire = fromBase64(body);
  const reader = wire && new Reader(wire, 'BAD_RECIPIENT');
  if (!reader || reader.text() !== keyType) throw new LockstepError('BAD_RECIPIENT');
  const point = reader.bytes();
  if (point.length !== 32 || !reader.done) throw new LockstepError('BAD_RECIPIENT');
  return { wire, point };
}

/** The authorized_keys line of a public key, without a comment. */
export function publicLine(key: SshPublicKey): string {
  return `${keyType} ${base64(key.wire)}`;
}

export const opensshHeader = '-----BEGIN OPENSSH PRIVATE KEY-----';
export const opensshFooter = '-----END OPENSSH PRIVATE KEY-----';
const pem = /^-----BEGIN OPENSSH PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----\s*$/;
const magic = 'openssh-key-v1\0';

/**
 * An Ed25519 key from an OpenSSH private key file (PROTOCOL.key): its public key and its 32-byte seed. Throws BAD_IDENTITY
 * with `what`: `ssh-passphrase` (the file is protected), `ssh-kind` (another kind of key).
 */
export function readPrivateFile(text: string): { readonly publicKey: SshPublicKey; readonly seed: Uint8Array } {
  const bytes = fromBase64(pem.exec(text.trim())?.[1]?.replace(/\s+/g, '') ?? '!');
  if (!bytes) throw new LockstepError('BAD_IDENTITY');
  const reader = new Reader(bytes, 'BAD_IDENTITY');
  if (fromUtf8(reader.take(magic.length)) !== magic) throw new LockstepError('BAD_IDENTITY');
  const cipher = reader.text();
  reader.bytes();
  reader.bytes();
  if (reader.number() !== 1) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-kind' });
  const wire = reader.bytes();
  const type = new Reader(wire, 'BAD_IDENTITY').text();
  if (type !== keyType) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-kind' });
  if (cipher !== 'none') throw new LockstepError('BAD_IDENTITY', { what: 'ssh-passphrase' });
  return readPrivatePart(reader.bytes(), wire);
}

function readPrivatePart(part: Uint8Array, wire: Uint8Array): ReturnType<typeof readPrivateFile> {
  const reader = new Reader(part, 'BAD_IDENTITY');
  // Two equal numbers: what shows, in a protected file, that it was decrypted rightly.
  const [first, second] = [reader.number(), reader.number()];
  if (first !== second || reader.text() !== keyType) throw new LockstepError('BAD_IDENTITY');
  const point = reader.bytes();
  const secret = reader.bytes();
  const whole = point.length === 32 && secret.length === 64 && equal(secret.subarray(32), point);
  if (!whole || !equal(wire.subarray(-32), point)) throw new LockstepError('BAD_IDENTITY');
  return { publicKey: { wire: wire.slice(), point: point.slice() }, seed: secret.slice(0, 32) };
}

/** SSH's wire form: lengths in four bytes, then that many bytes (RFC 4251, section 5). */
class Reader {
  readonly #bytes: Uint8Array;
  readonly #code: 'BAD_IDENTITY' | 'BAD_RECIPIENT';
  #at = 0;

  constructor(bytes: Uint8Array, code: 'BAD_IDENTITY' | 'BAD_RECIPIENT') {
    this.#bytes = bytes;
    this.#code = code;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new LockstepError(this.#code);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  number(): number {
    return this.take(4).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  bytes(): Uint8Array {
    return this.take(this.number());
  }

  text(): string {
    return fromUtf8(this.bytes());
  }
}
