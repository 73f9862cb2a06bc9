import zlib from 'node:zlib';
import { entriesOfTable } from './leveldb.ts';
import { runsOf } from './runs.ts';
import { unsnap } from './snappy.ts';

/** What was packed or written in another way inside bytes, and how. */
export interface Inner {
  readonly how: string;
  readonly bytes: Buffer;
  /** Something may begin with these bytes, as a file does. */
  readonly start: boolean;
}

const largest = 512 * 1024 * 1024;
const options = { maxOutputLength: largest, chunkSize: 4096, finishFlush: zlib.constants.Z_SYNC_FLUSH };
const brotli = {
  maxOutputLength: 32 * 1024 * 1024,
  chunkSize: 4096,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
};
// Node has it from 22.15 on.
const { zstdDecompressSync: unzstd } = zlib as unknown as { zstdDecompressSync?: (bytes: Uint8Array) => Buffer };

type Way = readonly [how: string, open: (bytes: Buffer) => Buffer];
const inflate: Way = ['zlib', (bytes) => zlib.inflateSync(bytes, options)];
const raw: Way = ['deflate', (bytes) => zlib.inflateRawSync(bytes, options)];

/** Ways that are known by the bytes they begin with, wherever those stand. */
const marks: readonly (readonly [mark: string, ...Way])[] = [
  ['1f8b08', 'gzip', (bytes) => raw[1](bytes.subarray(gzipHead(bytes)))],
  ['7801', ...inflate],
  ['785e', ...inflate],
  ['789c', ...inflate],
  ['78da', ...inflate],
  // A file in a ZIP archive, behind its name and more.
  ['504b0304', 'zip', (bytes) => raw[1](bytes.subarray(30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28)))],
  // A large value of IndexedDB in Chromium.
  ['ff1102', 'snappy', (bytes) => unsnap(bytes, 3)],
  ...(unzstd ? [['28b52ffd', 'zstd', unzstd] as const] : []),
];

const marked = marks.map(([mark, how, open]) => ({ mark: Buffer.from(mark, 'hex'), how, open }));

/** Whether bytes hold one of the marks: asked of many short texts, most of which hold none. */
export const isMarked = (bytes: Buffer): boolean => marked.some(({ mark }) => bytes.includes(mark));

/** Ways that nothing tells: tried where something begins. */
const unmarked: readonly Way[] = [raw, ['brotli', (bytes) => zlib.brotliDecompressSync(bytes, brotli)]];

/**
 * Everything inside bytes that has to be opened to be searched. `start`: something begins with them, as a file does.
 * Throws for a table of LevelDB that cannot be read.
 */
export function* unpack(bytes: Buffer, start: boolean): Generator<Inner> {
  const table = start ? entriesOfTable(bytes) : undefined;
  if (table) yield { how: 'leveldb', bytes: table, start: false };
  for (const { mark, how, open } of marked) {
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
      if (how !== 'zlib' || mayDeflate(bytes, at + 2)) yield* tried(how, open, bytes.subarray(at));
    }
  }
  yield* runsOf(bytes);
  if (start)
    for (const from of startsOf(bytes))
      for (const [how, open] of unmarked) yield* tried(how, open, bytes.subarray(from));
}

/** A file may begin with what was packed, and so does the answer in a file of Chromium's cache, behind its address. */
function startsOf(bytes: Buffer): number[] {
  const cached = bytes.length > 24 && bytes.subarray(0, 8).equals(Buffer.from('305c72a71b6dfbfc', 'hex'));
  return cached ? [0, 24 + bytes.readUInt32LE(12), 20 + bytes.readUInt32LE(12)] : [0];
}

function* tried(how: string, open: (bytes: Buffer) => Buffer, bytes: Buffer): Generator<Inner> {
  const inner = quietly(() => open(bytes));
  if (inner && inner.length > 0) yield { how, bytes: inner, start: true };
}

/** Undefined where it only looked like that. Most tries end so, and an error costs least without its stack. */
function quietly(work: () => Buffer): Buffer | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } catch {
    return undefined;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Whether the first block of deflate can be one: most bytes are told apart by its head. RFC 1951, 3.2.3. */
function mayDeflate(bytes: Buffer, at: number): boolean {
  if (at + 5 > bytes.length) return false;
  const kind = (bytes[at]! >> 1) & 3;
  if (kind === 0) return bytes.readUInt16LE(at + 1) === (bytes.readUInt16LE(at + 3) ^ 0xffff);
  const lengths = bytes[at]! >> 3;
  const distances = bytes[at + 1]! & 31;
  return kind === 1 || (kind === 2 && lengths < 30 && distances < 30);
}

/** The length of what gzip writes before the packed bytes: RFC 1952, 2.3. What stands behind those is then left alone. */
function gzipHead(bytes: Buffer): number {
  const flags = bytes[3]!;
  let at = 10;
  if (flags & 4) at += 2 + bytes.readUInt16LE(at);
  for (const text of [8, 16]) if (flags & text) at = bytes.indexOf(0, at) + 1 || bytes.length;
  return flags & 2 ? at + 2 : at;
}
