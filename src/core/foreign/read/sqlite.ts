import { damaged, u16, u32, varint } from './sqlitebytes.ts';
import { columnsOf } from './sqlitecolumns.ts';
import { Pages } from './sqlitepages.ts';

/**
 * The rows of a table in a SQLite database, read from its bytes (https://www.sqlite.org/fileformat2.html): tables with row ids, which are
 * what programs make unless they ask for others. Nothing is written and no SQL is run.
 */

type Cell = string | bigint | number | Uint8Array | null;
type Row = Readonly<Record<string, Cell>>;

/**
 * @param wal the `-wal` file beside the database: what was written last may be there alone.
 * @returns the rows in the order of their ids; undefined where there is no such table. Throws FOREIGN_FILE, `damaged`.
 */
export function readTable(database: Uint8Array, table: string, wal?: Uint8Array): Row[] | undefined {
  const pages = new Pages(database, wal);
  const schema = [...rowsAt(pages, 1)].map(({ cells }) => cells);
  const found = schema.find(([type, name]) => type === 'table' && String(name).toLowerCase() === table.toLowerCase());
  if (!found) return undefined;
  const [, , , root, sql] = found;
  const columns = columnsOf(String(sql));
  return [...rowsAt(pages, Number(root))].map(({ id, cells }) =>
    Object.fromEntries(columns.map(({ name, isRowId }, i) => [name, isRowId ? id : (cells[i] ?? null)])),
  );
}

interface Stored {
  readonly id: bigint;
  readonly cells: readonly Cell[];
}

const [interior, leaf] = [0x05, 0x0d];

/** The rows of the b-tree whose root is a page, in order. */
function* rowsAt(pages: Pages, root: number): Generator<Stored> {
  const waiting = [root];
  const seen = new Set<number>();
  for (let page = waiting.pop(); page !== undefined; page = waiting.pop()) {
    if (seen.has(page)) throw damaged();
    seen.add(page);
    const { bytes, start } = pages.at(page);
    const kind = bytes[start];
    if (kind !== interior && kind !== leaf) throw damaged();
    const count = u16(bytes, start + 3);
    const head = start + (kind === interior ? 12 : 8);
    const cells = Array.from({ length: count }, (_, i) => u16(bytes, head + 2 * i));
    if (kind === leaf) for (const at of cells) yield rowAt(pages, bytes, at);
    else waiting.push(u32(bytes, start + 8), ...cells.map((at) => u32(bytes, at)).reverse());
  }
}

function rowAt(pages: Pages, page: Uint8Array, at: number): Stored {
  const [length, afterLength] = varint(page, at);
  const [id, start] = varint(page, afterLength);
  return { id: BigInt.asIntN(64, id), cells: record(pages.payload(page, start, Number(length)), pages.decoder) };
}

/** The columns of a row: their types and lengths come first. */
function record(payload: Uint8Array, decoder: TextDecoder): Cell[] {
  const [headLength, first] = varint(payload, 0);
  const cells: Cell[] = [];
  let at = Number(headLength);
  for (let head = first; head < Number(headLength); ) {
    const [type, next] = varint(payload, head);
    head = next;
    const length = lengthOf(Number(type));
    if (at + length > payload.length) throw damaged();
    cells.push(cell(Number(type), payload.subarray(at, at + length), decoder));
    at += length;
  }
  return cells;
}

const lengths = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function lengthOf(type: number): number {
  if (type >= 12) return (type - 12) >> 1;
  const length = lengths[type];
  if (length === undefined) throw damaged();
  return length;
}

function cell(type: number, bytes: Uint8Array, decoder: TextDecoder): Cell {
  if (type === 0) return null;
  if (type === 7) return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
  if (type === 8 || type === 9) return BigInt(type - 8);
  if (type >= 12) return type % 2 === 0 ? bytes.slice() : decoder.decode(bytes);
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(bytes.length * 8, value);
}
