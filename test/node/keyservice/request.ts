/** A field of protobuf that has bytes. */
export function field(number: number, bytes: Uint8Array | string): Buffer {
  const body = Buffer.from(bytes);
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), body]);
}

/** What sops sends for a wrapped or a plain data key. `kind`: the number of the kind of key, of age if there is none. */
export const keyRequest = (recipient: string, bytes: Uint8Array | string, kind = 6) =>
  Buffer.concat([field(1, field(kind, field(1, recipient))), field(2, bytes)]);
