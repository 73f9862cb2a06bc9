import { damaged, u16, u32 } from './sqlitebytes.ts';

const magic = 'SQLite format 3\0';
const encodings = ['utf-8', 'utf-8', 'utf-16le', 'utf-16be'] as const;
const walMagic = 0x377f0682;

/** Whether bytes are a SQLite database. */
export const isSqlite = (bytes: Uint8Array): boolean =>
  new TextDecoder('latin1').decode(bytes.subarray(0, magic.length)) === magic;

/** The pages of a database, with those of its write-ahead log in the place of older ones. Throws FOREIGN_FILE, `damaged`. */
export class Pages {
  readonly decoder: TextDecoder;
  readonly #database: Uint8Array;
  readonly #size: number;
  readonly #usable: number;
  readonly #newer: ReadonlyMap<number, Uint8Array>;

  constructor(database: Uint8Array, wal: Uint8Array | undefined) {
    if (!isSqlite(database) || database.length < 512) throw damaged();
    this.#database = database;
    const size = u16(database, 16);
    this.#size = size === 1 ? 0x1_0000 : size;
    if (this.#size < 512 || (this.#size & (this.#size - 1)) !== 0) throw damaged();
    this.#newer = wal ? committed(wal, this.#size) : new Map();
    // A copy that was cut off. Old programs leave the number of pages at 0.
    if (!wal && u32(database, 28) * this.#size > database.length) throw damaged();
    const head = this.#newer.get(1) ?? database;
    this.#usable = this.#size - (head[20] ?? 0);
    if (this.#usable < 480) throw damaged();
    this.decoder = new TextDecoder(encodings[u32(head, 56)] ?? 'utf-8', { ignoreBOM: true });
  }

  /** A page by its number, from 1, and where its b-tree begins. */
  at(page: number): { readonly bytes: Uint8Array; readonly start: number } {
    const from = (page - 1) * this.#size;
    const bytes = this.#newer.get(page) ?? this.#database.subarray(Math.max(0, from), from + this.#size);
    if (page < 1 || bytes.length !== this.#size) throw damaged();
    return { bytes, start: page === 1 ? 100 : 0 };
  }

  /** The bytes of a row that starts in a leaf, with those of the pages that it goes on in. */
  payload(page: Uint8Array, start: number, length: number): Uint8Array {
    const local = this.#local(length);
    if (start + local > page.length || length > this.#database.length + this.#newer.size * this.#size) throw damaged();
    if (local === length) return page.subarray(start, start + length);
    const whole = new Uint8Array(length);
    whole.set(page.subarray(start, start + local));
    let next = u32(page, start + local);
    for (let at = local; at < length; ) {
      const { bytes } = this.at(next);
      const piece = bytes.subarray(4, Math.min(this.#usable, 4 + length - at));
      whole.set(piece, at);
      at += piece.length;
      next = u32(bytes, 0);
    }
    return whole;
  }

  /** How many bytes of a row are in its leaf. */
  #local(length: number): number {
    const usable = this.#usable;
    const most = usable - 35;
    if (length <= most) return length;
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const kept = least + ((length - least) % (usable - 4));
    return kept <= most ? kept : least;
  }
}

/** The pages of a write-ahead log up to its last commit. What follows, or does not match its checksum, was never committed. */
function committed(wal: Uint8Array, size: number): ReadonlyMap<number, Uint8Array> {
  const done = new Map<number, Uint8Array>();
  if (wal.length < 32 || (u32(wal, 0) & ~1) >>> 0 !== walMagic || u32(wal, 8) !== size) return done;
  const little = u32(wal, 0) === walMagic;
  const waiting = new Map<number, Uint8Array>();
  let sum = checksum(wal.subarray(0, 24), [0, 0], little);
  if (sum[0] !== u32(wal, 24) || sum[1] !== u32(wal, 28)) return done;
  for (let at = 32; at + 24 + size <= wal.length; at += 24 + size) {
    if (u32(wal, at + 8) !== u32(wal, 16) || u32(wal, at + 12) !== u32(wal, 20)) break;
    const page = wal.subarray(at + 24, at + 24 + size);
    sum = checksum(page, checksum(wal.subarray(at, at + 8), sum, little), little);
    if (sum[0] !== u32(wal, at + 16) || sum[1] !== u32(wal, at + 20)) break;
    waiting.set(u32(wal, at), page);
    if (u32(wal, at + 4) === 0) continue;
    for (const [number, bytes] of waiting) done.set(number, bytes);
    waiting.clear();
  }
  return done;
}

function checksum(bytes: Uint8Array, [a, b]: readonly [number, number], little: boolean): [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [s0, s1] = [a, b];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    s0 = (s0 + view.getUint32(at, little) + s1) >>> 0;
    s1 = (s1 + view.getUint32(at + 4, little) + s0) >>> 0;
  }
  return [s0, s1];
}
