/**
 * Opens what Snappy packed, which begins at `from`: https://github.com/google/snappy/blob/main/format_description.txt
 * What stands behind it is left alone. Throws a RangeError for anything else.
 */
export function unsnap(bytes: Uint8Array, from = 0): Buffer {
  const input = new Reader(bytes, from);
  const length = input.varint();
  if (length > bytes.length * 64 + 1024) throw new RangeError('not packed by Snappy');
  const out = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const tag = input.byte();
    at += tag % 4 === 0 ? literal(input, tag, out, at) : copy(input, tag, out, at);
  }
  return out;
}

function literal(input: Reader, tag: number, out: Buffer, at: number): number {
  const short = tag >>> 2;
  const length = (short < 60 ? short : input.number(short - 59)) + 1;
  const bytes = input.take(length);
  if (at + length > out.length) throw new RangeError('a literal too long');
  out.set(bytes, at);
  return length;
}

function copy(input: Reader, tag: number, out: Buffer, at: number): number {
  const kind = tag & 3;
  const length = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
  const back = kind === 1 ? ((tag >>> 5) << 8) + input.byte() : input.number(kind === 2 ? 2 : 4);
  if (back === 0 || back > at || at + length > out.length) throw new RangeError('a copy from nowhere');
  for (let n = 0; n < length; n++) out[at + n] = out[at + n - back]!;
  return length;
}

/** Bytes that are read one after the other; throws a RangeError at their end. */
export class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new RangeError('the end came too early');
    return byte;
  }

  /** A number of so many bytes, the lowest first. */
  number(size: number): number {
    let value = 0;
    for (let n = 0; n < size; n++) value += this.byte() * 256 ** n;
    return value;
  }

  /** Seven bits a byte, the lowest first. */
  varint(): number {
    let value = 0;
    for (let n = 0; n < 8; n++) {
      const byte = this.byte();
      value += (byte & 127) * 128 ** n;
      if (byte < 128) return value;
    }
    throw new RangeError('too long a number');
  }

  take(length: number): Uint8Array {
    const part = this.#bytes.subarray(this.at, this.at + length);
    if (part.length < length) throw new RangeError('the end came too early');
    this.at += length;
    return part;
  }
}
