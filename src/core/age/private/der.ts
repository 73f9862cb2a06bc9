import { equal } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import { integerOf } from '../wire.ts';
import { ed25519Private, rsaPrivate, type SshPrivateKey } from './sshprivate.ts';

const tags = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30 };
const rsaOid = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1);
const ed25519Oid = Uint8Array.of(0x2b, 0x65, 0x70);

/** The key in `BEGIN RSA PRIVATE KEY` (PKCS#1, RFC 8017 A.1.2), of two primes. Throws BAD_IDENTITY. */
export function readPkcs1(bytes: Uint8Array): SshPrivateKey {
  const key = new Der(bytes).inside(tags.sequence);
  if (key.integer() !== 0n) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-kind' });
  const [n = 0n, e = 0n, d = 0n, p = 0n, q = 0n, dp, dq, inverse = 0n] = Array.from({ length: 8 }, () => key.integer());
  const read = rsaPrivate({ n, e, d, p, q, inverse });
  if (dp !== d % (p - 1n) || dq !== d % (q - 1n)) throw new LockstepError('BAD_IDENTITY');
  return read;
}

/** The key in `BEGIN PRIVATE KEY` (PKCS#8, RFC 5958; RFC 8410). Throws BAD_IDENTITY, `what` `ssh-kind` for other keys. */
export function readPkcs8(bytes: Uint8Array): SshPrivateKey {
  const info = new Der(bytes).inside(tags.sequence);
  if (info.integer() > 1n) throw new LockstepError('BAD_IDENTITY');
  const oid = info.inside(tags.sequence).take(tags.oid);
  const key = info.take(tags.octets);
  if (equal(oid, rsaOid)) return readPkcs1(key);
  if (equal(oid, ed25519Oid)) return ed25519Private(new Der(key).take(tags.octets));
  throw new LockstepError('BAD_IDENTITY', { what: 'ssh-kind' });
}

/** As much of DER (X.690) as private keys need: elements one after the other. */
class Der {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The content of the next element, which must be of this kind; not copied. */
  take(tag: number): Uint8Array {
    if (this.#byte() !== tag) throw new LockstepError('BAD_IDENTITY');
    const length = this.#length();
    if (length > this.#bytes.length - this.#at) throw new LockstepError('BAD_IDENTITY');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  inside(tag: number): Der {
    return new Der(this.take(tag));
  }

  /** Not negative, and within what an RSA key may hold. */
  integer(): bigint {
    const bytes = this.take(tags.integer);
    if (bytes.length === 0 || bytes.length > 1025 || (bytes[0] ?? 0) > 127) throw new LockstepError('BAD_IDENTITY');
    return integerOf(bytes);
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    if (first === 0x80 || first > 0x84) throw new LockstepError('BAD_IDENTITY');
    let length = 0;
    for (let i = 0x80; i < first; i++) length = length * 256 + this.#byte();
    return length;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new LockstepError('BAD_IDENTITY');
    return byte;
  }
}
