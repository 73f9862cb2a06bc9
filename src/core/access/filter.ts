import type { AccessRecord } from './record.ts';

/** What of a log is wanted; what is left out excludes nothing. */
export interface Wanted {
  /** Any part of the file's path, in any case. */
  readonly file?: string | undefined;
  readonly purposes?: readonly string[] | undefined;
  /** From this moment on, and before that one. */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** The records that are wanted, in their order. */
export function wantedOf<R extends AccessRecord>(records: readonly R[], { file, purposes, since, until }: Wanted): R[] {
  const part = file?.toLowerCase();
  return records.filter((record) => {
    const at = Date.parse(record.at);
    return (
      (part === undefined || (record.file ?? '').toLowerCase().includes(part)) &&
      (purposes === undefined || purposes.includes(record.purpose)) &&
      (since === undefined || at >= since.getTime()) &&
      (until === undefined || at < until.getTime())
    );
  });
}

/** A moment as people name it: `2026-11-27`, `2026-11-27T12:30Z`, or an age such as `24h`, `7d`. Undefined for anything else. */
export function momentOf(text: string, now: Date): Date | undefined {
  const [, count, unit] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  if (count !== undefined)
    return new Date(now.getTime() - Number(count) * hours[unit as keyof typeof hours] * 3_600_000);
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text)) return undefined;
  const found = new Date(text);
  return Number.isNaN(found.getTime()) ? undefined : found;
}

const hours = { h: 1, d: 24, w: 168 } as const;
