import { fromUtf8, utf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';

/** Reads SSH's wire form: a length in four bytes, then that many bytes (RFC 4251, section 5). Throws the code it is given. */
export class WireReader {
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

  /** The next bytes, not copied. */
  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new LockstepError(this.#code);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#at);
  }

  number(): number {
    return this.take(4).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  bytes(): Uint8Array {
    return this.take(this.number());
  }

  text(): string {
    try {
      return fromUtf8(this.bytes());
    } catch {
      throw new LockstepError(this.#code);
    }
  }

  /** A positive `mpint`. */
  integer(): bigint {
    const bytes = this.bytes();
    if (bytes.length === 0 || bytes.length > maxInteger || (bytes[0] ?? 0) > 127) throw new LockstepError(this.#code);
    return integerOf(bytes);
  }
}

/** Bytes of the longest integer of an RSA key that anybody takes (8192 bits, and a zero before it). */
const maxInteger = 1025;

/** The number in big-endian bytes. */
export function integerOf(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

/** The shortest big-endian bytes of a positive number. */
export function bytesOf(number: bigint): Uint8Array<ArrayBuffer> {
  const hex = number.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => Number.parseInt(even.slice(2 * i, 2 * i + 2), 16));
}

/** One field for each part: texts and bytes as they are, positive integers as `mpint`, each after its length. */
export function wireOf(...parts: readonly (string | Uint8Array | bigint)[]): Uint8Array<ArrayBuffer> {
  const bodies = parts.map((part) => {
    if (typeof part === 'string') return utf8(part);
    return typeof part === 'bigint' ? signed(bytesOf(part)) : part;
  });
  const out = new Uint8Array(bodies.reduce((sum, body) => sum + 4 + body.length, 0));
  let at = 0;
  for (const body of bodies) {
    new DataView(out.buffer).setUint32(at, body.length);
    out.set(body, at + 4);
    at += 4 + body.length;
  }
  return out;
}

/** An `mpint` whose first bit is set would be negative. */
const signed = (bytes: Uint8Array) => ((bytes[0] ?? 0) > 127 ? Uint8Array.of(0, ...bytes) : bytes);
