import { sha256 } from '@noble/hashes/sha2.js';
import { base64, fromBase64 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { WireReader, wireOf } from './wire.ts';

export interface Ed25519PublicKey {
  readonly type: 'ssh-ed25519';
  /** The wire form: what is hashed, and what the base64 of an authorized_keys line holds. */
  readonly wire: Uint8Array;
  /** The 32 bytes of the key itself. */
  readonly point: Uint8Array;
}

export interface RsaPublicKey {
  readonly type: 'ssh-rsa';
  readonly wire: Uint8Array;
  readonly modulus: bigint;
  readonly exponent: bigint;
}

/** A public key in OpenSSH's forms, of the two kinds that age encrypts to. */
export type SshPublicKey = Ed25519PublicKey | RsaPublicKey;

type Code = 'BAD_IDENTITY' | 'BAD_RECIPIENT';

/** `ssh-… AAAA…` without the comment that may follow. */
export function bareRecipient(recipient: string): string {
  return recipient.startsWith('ssh-') ? recipient.trim().split(/\s+/).slice(0, 2).join(' ') : recipient.trim();
}

/** Whether two recipients are the same public key, however an SSH key is spelled. */
export function sameRecipient(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

function canonical(recipient: string): string {
  if (!recipient.startsWith('ssh-')) return recipient.trim();
  try {
    return publicLine(readPublicLine(recipient));
  } catch {
    return bareRecipient(recipient);
  }
}

/**
 * An authorized_keys line, comment allowed. Throws BAD_RECIPIENT with `what`: `ssh` (another kind of SSH key),
 * `rsa-size` (RSA of fewer than 2048 or more than 8192 bits).
 */
export function readPublicLine(line: string): SshPublicKey {
  const [type, body = ''] = line.trim().split(/\s+/);
  if (type !== 'ssh-ed25519' && type !== 'ssh-rsa') throw new LockstepError('BAD_RECIPIENT', { what: 'ssh' });
  const wire = fromBase64(body);
  const key = wire && readPublicKey(wire, 'BAD_RECIPIENT');
  if (key?.type !== type) throw new LockstepError('BAD_RECIPIENT');
  return key;
}

/** The public key in a wire form (RFC 4253, section 6.6; RFC 8709); undefined for other kinds. Throws `code`. */
export function readPublicKey(wire: Uint8Array, code: Code): SshPublicKey | undefined {
  const reader = new WireReader(wire, code);
  const type = reader.text();
  if (type === 'ssh-ed25519') {
    const point = reader.bytes();
    if (point.length === 32 && reader.done) return ed25519Key(point.slice());
  } else if (type === 'ssh-rsa') {
    const exponent = reader.integer();
    const modulus = reader.integer();
    if (reader.done) return rsaKey(modulus, exponent, code);
  } else {
    return undefined;
  }
  throw new LockstepError(code);
}

/** The key of 32 bytes; takes them over. */
export function ed25519Key(point: Uint8Array): Ed25519PublicKey {
  return { type: 'ssh-ed25519', point, wire: wireOf('ssh-ed25519', point) };
}

/** Within the bounds of age (agessh/agessh.go) and of Go's SSH library. Throws `code`, `what` `rsa-size` for the length. */
export function rsaKey(modulus: bigint, exponent: bigint, code: Code): RsaPublicKey {
  const bytes = Math.ceil(modulus.toString(2).length / 8);
  if (bytes < 2048 / 8 || bytes > 8192 / 8) throw new LockstepError(code, { what: 'rsa-size' });
  if (exponent < 3n || exponent % 2n === 0n || exponent >= 1n << 24n) throw new LockstepError(code);
  return { type: 'ssh-rsa', modulus, exponent, wire: wireOf('ssh-rsa', exponent, modulus) };
}

/** The authorized_keys line of a public key, without a comment. */
export function publicLine(key: SshPublicKey): string {
  return `${key.type} ${base64(key.wire)}`;
}

/** Base64 as stanzas have it. */
export const unpadded = (bytes: Uint8Array) => base64(bytes).replace(/=+$/, '');

/** What names the key in a stanza (agessh/agessh.go). */
export function tagOf(key: SshPublicKey): string {
  return unpadded(sha256(key.wire).subarray(0, 4));
}
