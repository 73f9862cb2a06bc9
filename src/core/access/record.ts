import { hashOf } from '../hash.ts';
import { type AccessEvent, kept, purposes } from './event.ts';

/** One line of the log: an event, its place in the chain, and what its writer found before it. */
export interface AccessRecord extends AccessEvent {
  /** 1, 2, 3 … over all files of a log. */
  readonly n: number;
  /** RFC 3339, in UTC. */
  readonly at: string;
  /** The text before this line, by its hash, is one that a writer did not get to end. */
  readonly torn?: string | undefined;
  /** Of the first record in a file: the oldest record that was kept then. */
  readonly from?: number | undefined;
  /** The hash of the record before; zeros for the first one. */
  readonly prev: string;
  /** SHA-256 of the line without this field, in hexadecimal. */
  readonly hash: string;
}

/** A record by its place and hash: what the log had reached at a moment. */
export interface Head {
  readonly n: number;
  readonly hash: string;
}

/** Before the first record. */
export const noHead: Head = { n: 0, hash: '0'.repeat(64) };

/** What the writer of a record knows besides the event. */
export interface Found {
  readonly last: Head;
  readonly torn?: string | undefined;
  readonly from?: number | undefined;
}

/** An event as the next line of a log, with its line end, and the head that it makes. */
export function lineOf(event: AccessEvent, at: Date, { last, torn, from }: Found): { line: string; head: Head } {
  const text = (one: string | undefined) => (one === undefined ? undefined : kept(one));
  const n = last.n + 1;
  const body = JSON.stringify({
    n,
    at: at.toISOString(),
    purpose: event.purpose,
    file: text(event.file),
    key: text(event.key),
    by: kept(event.by),
    to: text(event.to),
    torn,
    from,
    prev: last.hash,
  });
  const hash = hashOf(body);
  return { line: `${body.slice(0, -1)},"hash":"${hash}"}\n`, head: { n, hash } };
}

const shape = /^(\{"n":.*),"hash":"([0-9a-f]{64})"\}$/;

/** The record of a line; undefined for what is none, or was changed since it was written. */
export function recordOf(line: string): AccessRecord | undefined {
  const [, body, hash] = shape.exec(line) ?? [];
  if (body === undefined || hash === undefined || hashOf(`${body}}`) !== hash) return undefined;
  try {
    const record: unknown = JSON.parse(line);
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is AccessRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Readonly<Record<string, unknown>>;
  const isText = (name: string) => typeof record[name] === 'string';
  const mayBe = (name: string, type: string) => record[name] === undefined || typeof record[name] === type;
  return (
    Number.isSafeInteger(record.n) &&
    purposes.some((one) => one === record.purpose) &&
    ['at', 'by', 'prev', 'hash'].every(isText) &&
    ['file', 'key', 'to', 'torn'].every((name) => mayBe(name, 'string')) &&
    mayBe('from', 'number')
  );
}

/**
 * Where a log ends, as its next writer finds it: the last record that is whole, and what stands behind it. A writer that was killed
 * leaves a part of a line; the next record names it by its hash, so that it is no riddle later.
 * @param text the file, or its end from any byte on.
 */
export function tailOf(text: string): { readonly last: Head | undefined; readonly rest: string } {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  const whole = recordOf(rest);
  if (whole) return { last: whole, rest: '' };
  for (const line of lines.reverse()) {
    const record = recordOf(line);
    if (record) return { last: record, rest };
  }
  return { last: undefined, rest };
}
