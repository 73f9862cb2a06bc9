import { hashOf } from '../hash.ts';
import { type AccessRecord, type Head, noHead, recordOf } from './record.ts';

/** One file of a log. */
export interface LogFile {
  readonly name: string;
  readonly text: string;
}

/**
 * What is wrong with a log.
 * - `torn`: a writer was stopped in the middle of a line, which is no tampering.
 * - `changed`: a line is not as it was written.
 * - `gap`: records between two others were removed, put in, or moved.
 * - `front`: the oldest records are gone, and no rotation removed them.
 * - `cut`: records at the end are gone, or others are in their place.
 * - `noticed`: a record of such a fault, which its writer found.
 */
export interface Finding {
  readonly kind: 'torn' | 'changed' | 'gap' | 'front' | 'cut' | 'noticed';
  /** Where: the file, and its line from 1 on. */
  readonly file: string;
  readonly line: number;
  /** How many records are missing, where that can be told. */
  readonly missing?: number | undefined;
}

export interface Checked {
  /** Oldest first; lines that are no records are left out. */
  readonly records: readonly AccessRecord[];
  readonly findings: readonly Finding[];
}

export const isTampering = ({ kind }: Finding): boolean => kind !== 'torn';

/**
 * Checks a whole log, and gives its records. What it cannot see: that somebody who can write to the log made all of it anew, or cut
 * its end, where no head says what it had reached.
 * @param files oldest first.
 * @param heads what the log is known to have reached.
 */
export function check(files: readonly LogFile[], heads: readonly Head[]): Checked {
  const records: AccessRecord[] = [];
  const findings: Finding[] = [];
  for (const file of files) {
    let torn: { readonly line: number; readonly hash: string } | undefined;
    const lines = file.text.split('\n');
    const end = lines.pop() ?? '';
    const whole = recordOf(end) ? [...lines, end] : lines;
    for (const [i, line] of whole.entries()) {
      const at = { file: file.name, line: i + 1 };
      const record = recordOf(line);
      if (torn) findings.push({ kind: record?.torn === torn.hash ? 'torn' : 'changed', ...at, line: torn.line });
      torn = record ? undefined : { line: i + 1, hash: hashOf(line) };
      if (!record) continue;
      const finding = linkOf(records.at(-1), record);
      if (finding) findings.push({ ...finding, ...at });
      if (record.purpose === 'fault') findings.push({ kind: 'noticed', ...at });
      records.push(record);
    }
    if (torn) findings.push({ kind: 'changed', file: file.name, line: torn.line });
    if (end !== '' && whole === lines)
      findings.push({
        kind: beginsNext(end, records.at(-1)) ? 'torn' : 'changed',
        file: file.name,
        line: lines.length + 1,
      });
  }
  const front = frontOf(records, files[0]?.name);
  return { records, findings: [...(front ? [front] : []), ...findings, ...cutsOf(records, heads, files.at(-1))] };
}

function linkOf(before: AccessRecord | undefined, record: AccessRecord): Pick<Finding, 'kind' | 'missing'> | undefined {
  if (!before || (record.prev === before.hash && record.n === before.n + 1)) return undefined;
  const missing = record.n - before.n - 1;
  return { kind: 'gap', ...(missing > 0 && { missing }) };
}

/** Whether a text can be the beginning of the record after this one. */
function beginsNext(text: string, last: AccessRecord | undefined): boolean {
  const begin = `{"n":${(last?.n ?? 0) + 1},"at":"`;
  return text.length < begin.length ? begin.startsWith(text) : text.startsWith(begin);
}

/** The last rotation says with which record the log begins. */
function frontOf(records: readonly AccessRecord[], file = ''): Finding | undefined {
  const first = records[0];
  if (!first) return undefined;
  const expected = records.findLast(({ from }) => from !== undefined)?.from ?? 1;
  const missing = first.n - expected;
  const isStart = first.n > 1 || first.prev === noHead.hash;
  if (missing <= 0 && isStart) return undefined;
  return { kind: 'front', file, line: 1, ...(missing > 0 && { missing }) };
}

function cutsOf(records: readonly AccessRecord[], heads: readonly Head[], last: LogFile | undefined): Finding[] {
  const end = records.at(-1)?.n ?? 0;
  const first = records[0]?.n ?? 1;
  const isLost = ({ n, hash }: Head) => n > end || (n >= first && records.find((one) => one.n === n)?.hash !== hash);
  const lost = heads.filter(({ n }) => n > 0).filter(isLost);
  if (lost.length === 0) return [];
  const most = Math.max(...lost.map(({ n }) => n));
  const line = last?.text.split('\n').length ?? 1;
  return [{ kind: 'cut', file: last?.name ?? 'access.jsonl', line, ...(most > end && { missing: most - end }) }];
}
