import { LockstepError } from '../../errors.ts';

/** Seven bits a byte, the highest first; eight in the ninth. The number, and where it ends. */
export function varint(bytes: Uint8Array, at: number): [bigint, number] {
  let value = 0n;
  for (let n = 0; n < 9; n++) {
    const byte = bytes[at + n];
    if (byte === undefined) throw damaged();
    if (n === 8) return [(value << 8n) | BigInt(byte), at + 9];
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return [value, at + n + 1];
  }
  throw damaged();
}

/** Numbers of two and four bytes, the highest first. */
export function u16(bytes: Uint8Array, at: number): number {
  if (at < 0 || at + 2 > bytes.length) throw damaged();
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

export const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 0x1_0000 + u16(bytes, at + 2);

/** What is thrown for bytes that are no sound database. */
export const damaged = () => new LockstepError('FOREIGN_FILE', { what: 'damaged' });
