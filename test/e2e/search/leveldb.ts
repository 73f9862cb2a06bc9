import { Reader, unsnap } from './snappy.ts';

const footer = 48;
const mark = Buffer.from('57fb808b247547db', 'hex');

/**
 * The entries of a table of LevelDB, as browsers keep IndexedDB and web storage: each key whole, then its value.
 * https://github.com/google/leveldb/blob/main/doc/table_format.md. Undefined for another file; throws for a table that
 * cannot be read, as a part of it would not be searched.
 */
export function entriesOfTable(bytes: Buffer): Buffer | undefined {
  if (bytes.length < footer || !bytes.subarray(-8).equals(mark)) return undefined;
  const places = new Reader(bytes, bytes.length - footer);
  places.varint();
  places.varint();
  const index = block(bytes, places);
  const parts: Uint8Array[] = [];
  for (const { value } of entries(index)) {
    for (const entry of entries(block(bytes, new Reader(value)))) parts.push(entry.key, Buffer.of(0), entry.value);
  }
  return Buffer.concat(parts);
}

function block(bytes: Buffer, place: Reader): Buffer {
  const offset = place.varint();
  const size = place.varint();
  const reader = new Reader(bytes, offset);
  const content = Buffer.from(reader.take(size));
  const packed = reader.byte();
  if (packed > 1) throw new RangeError(`a block packed in a way that is not known: ${packed}`);
  return packed === 1 ? unsnap(content) : content;
}

function entries(content: Buffer): { key: Buffer; value: Uint8Array }[] {
  const restarts = content.readUInt32LE(content.length - 4);
  const end = content.length - 4 * (restarts + 1);
  const reader = new Reader(content);
  const found: { key: Buffer; value: Uint8Array }[] = [];
  for (let key = Buffer.alloc(0); reader.at < end; ) {
    const [shared, own, length] = [reader.varint(), reader.varint(), reader.varint()];
    key = Buffer.concat([key.subarray(0, shared), reader.take(own)]);
    found.push({ key, value: reader.take(length) });
  }
  return found;
}
