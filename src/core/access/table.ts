import type { AccessRecord } from './record.ts';

const columns = ['n', 'at', 'purpose', 'file', 'key', 'by', 'to', 'hash'] as const;

/** Records as they stand in the log, one JSON object a line. */
export const asJsonLines = (records: readonly AccessRecord[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** Records as a table for a spreadsheet (RFC 4180). */
export function asCsv(records: readonly AccessRecord[]): string {
  const rows = records.map((record) => columns.map((name) => quoted(plainCell(String(record[name] ?? '')))));
  return [columns.map(quoted), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** A cell that no spreadsheet takes for a formula: names come out of files that anybody may have written. */
export const plainCell = (text: string): string =>
  /^[\s'"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20\t\r\n]/.test(text) ? `'${text}` : text;

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
