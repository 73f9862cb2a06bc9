/** Rows from `at` on: `remove` of them go, `rows` come. `revision` is the one after. */
interface Splice<R> {
  readonly type: 'rows';
  readonly revision: number;
  readonly at: number;
  readonly remove: number;
  readonly rows: readonly R[];
}

/** The rows that make `after` of `before`; undefined when they are the same. */
export function spliceOf<R>(before: readonly R[], after: readonly R[], revision: number): Splice<R> | undefined {
  const same = (a: R | undefined, b: R | undefined) => a === b || JSON.stringify(a) === JSON.stringify(b);
  const least = Math.min(before.length, after.length);
  let at = 0;
  while (at < least && same(before[at], after[at])) at++;
  let end = 0;
  while (end < least - at && same(before.at(-1 - end), after.at(-1 - end))) end++;
  const remove = before.length - at - end;
  const rows = after.slice(at, after.length - end);
  return remove === 0 && rows.length === 0 ? undefined : { type: 'rows', revision, at, remove, rows };
}
