import { align } from '../diff/align.ts';

/** Lines of the base, from `start` to before `end`, become other lines. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/**
 * Two texts that come from one, as one text: what only one side changed, line by line, and what both changed the same way. Where both
 * changed the same lines, those of `prefer` count. With `both`, lines that either side removed go, and what each side put in stays. What both
 * added at one place stands one behind the other, equal lines once. The format is not known here: the caller checks whether the result is
 * right.
 */
export function mergeLines(base: string, mine: string, theirs: string, prefer: 'mine' | 'theirs' | 'both'): string {
  const lines = linesOf(base);
  const [ours, others] = [hunksTo(lines, linesOf(mine)), hunksTo(lines, linesOf(theirs))];
  const out: string[] = [];
  let at = 0;
  for (const [a, b] of regions(ours, others)) {
    const [start, end] = spanOf([...a, ...b]);
    append(out, lines, at, start);
    at = end;
    const [m, t] = [a, b].map((hunks) => applied(lines, hunks, start, end)) as [string[], string[]];
    if (a.length === 0) append(out, t);
    else if (b.length === 0 || same(m, t)) append(out, m);
    else if (start === end) append(out, together(t, m));
    else if (prefer === 'both') append(out, united(lines, b, a, start, end));
    else append(out, prefer === 'mine' ? m : t);
  }
  append(out, lines, at);
  return out.join('');
}

/** Hunks that touch the same lines, together; in the order of the base. */
function* regions(a: readonly Hunk[], b: readonly Hunk[]): Generator<readonly [Hunk[], Hunk[]]> {
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const region: [Hunk[], Hunk[]] = [[], []];
    let span: readonly [number, number] | undefined;
    for (;;) {
      const [x, y] = [a[i], b[j]];
      const isMine =
        x !== undefined && (y === undefined || x.start < y.start || (x.start === y.start && x.end <= y.end));
      const next = isMine ? x : y;
      if (!next || (span && !meets(span, next))) break;
      region[isMine ? 0 : 1].push(next);
      span = span ? [span[0], Math.max(span[1], next.end)] : [next.start, next.end];
      if (isMine) i++;
      else j++;
    }
    yield region;
  }
}

/** Whether a hunk changes lines of a span that began before it, or adds some at the same place as it. */
function meets([start, end]: readonly [number, number], hunk: Hunk): boolean {
  return hunk.start < end || (start === end && hunk.start === start && hunk.end === hunk.start);
}

function spanOf(hunks: readonly Hunk[]): [number, number] {
  return [
    hunks.reduce((least, one) => Math.min(least, one.start), Number.POSITIVE_INFINITY),
    hunks.reduce((most, one) => Math.max(most, one.end), 0),
  ];
}

function applied(lines: readonly string[], hunks: readonly Hunk[], start: number, end: number): string[] {
  const out: string[] = [];
  let at = start;
  for (const hunk of hunks) {
    append(out, lines, at, hunk.start);
    append(out, hunk.lines);
    at = hunk.end;
  }
  append(out, lines, at, end);
  return out;
}

/** What each side puts in, at the line where it does, and the lines that neither takes out. */
function united(
  lines: readonly string[],
  first: readonly Hunk[],
  then: readonly Hunk[],
  start: number,
  end: number,
): string[] {
  const added = (hunks: readonly Hunk[]) => new Map(hunks.map((one) => [one.start, one.lines]));
  const [a, b] = [added(first), added(then)];
  const gone = new Set<number>();
  for (const one of [...first, ...then]) for (let at = one.start; at < one.end; at++) gone.add(at);
  const out: string[] = [];
  for (let at = start; at <= end; at++) {
    append(out, together(a.get(at) ?? [], b.get(at) ?? []));
    if (at < end && !gone.has(at)) out.push(lines[at] as string);
  }
  return out;
}

/** Line by line: there may be more than a call takes arguments. */
function append(out: string[], lines: readonly string[], start = 0, end = lines.length): void {
  for (let i = start; i < end; i++) out.push(lines[i] as string);
}

/** As many lines in the place of as many are taken one by one, since most often they are values that changed; and so is each that went. */
function hunksTo(before: readonly string[], after: readonly string[]): Hunk[] {
  const pairs = align(before, after);
  const hunks: Hunk[] = [];
  let [i, j] = [0, 0];
  for (let k = 0; k <= after.length; k++) {
    const pair = k === after.length ? before.length : (pairs[k] as number);
    if (pair === -1) continue;
    const lines = after.slice(j, k);
    if (lines.length === pair - i)
      for (const [n, line] of lines.entries()) hunks.push({ start: i + n, end: i + n + 1, lines: [line] });
    else if (lines.length === 0) for (let n = i; n < pair; n++) hunks.push({ start: n, end: n + 1, lines });
    else hunks.push({ start: i, end: pair, lines });
    [i, j] = [pair + 1, k + 1];
  }
  return hunks;
}

function together(first: readonly string[], then: readonly string[]): string[] {
  const out: string[] = [];
  let [at, waiting]: [number, string[]] = [0, []];
  align(first, then).forEach((pair, j) => {
    if (pair === -1) waiting.push(then[j] as string);
    else {
      append(out, first, at, pair);
      append(out, waiting);
      out.push(first[pair] as string);
      [at, waiting] = [pair + 1, []];
    }
  });
  return [...out, ...first.slice(at), ...waiting];
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
