/**
 * About how many instructions RE2 makes of a pattern, and never fewer: counted repetitions are unrolled, one inside another
 * multiplied. Nothing is compiled for it; a pattern that RE2 refuses has some number too.
 */
export function programSize(source: string): number {
  // One for the group that every pattern is, two to fail and to match.
  const stack: Level[] = [{ own: 3, sum: 0, last: 0 }];
  let level = stack[0] as Level;
  for (const [token, counted] of source.matchAll(tokens)) {
    const repeats = repeatsOf(token, counted);
    if (token.startsWith('(')) {
      // `(?i)` opens nothing; its `)` comes in the same token.
      if (token.endsWith(')')) continue;
      level = { own: token === '(' || token.endsWith('>') ? 2 : 0, sum: 0, last: 0 };
      stack.push(level);
    } else if (token === ')') {
      const size = sizeOf(level);
      if (stack.length > 1) stack.pop();
      level = stack.at(-1) as Level;
      append(level, size);
    } else if (repeats !== undefined) level.last = (Math.max(1, level.last) + 1) * repeats + 1;
    else append(level, token.startsWith('\\Q') ? token.length : 1);
    if (token === '|') append(level, 1);
  }
  return Math.min(
    stack.reduce((sum, one) => sum + sizeOf(one), 0),
    Number.MAX_SAFE_INTEGER,
  );
}

interface Level {
  /** What it needs itself. */
  readonly own: number;
  /** What precedes the last piece, to which a repetition applies. */
  sum: number;
  last: number;
}

function append(level: Level, size: number): void {
  level.sum += level.last;
  level.last = size;
}

/** Nothing is an instruction, too. */
const sizeOf = ({ own, sum, last }: Level) => own + Math.max(1, sum + last);

/**
 * The pieces of a pattern: quoted text, an escape, a class, flags, the head of a group, a counted repetition, any character.
 * What nobody closes goes on to the end, so that no character is looked at twice.
 */
const tokens =
  /\\Q(?:(?!\\E).)*(?:\\E|$)|\\[pP]\{[^}]*(?:\}|$)|\\x\{[^}]*(?:\}|$)|\\.|\[\^?\]?(?:\[:\^?[a-z]{1,9}:\]|\\.|[^\]\\])*(?:\]|$)|\(\?[a-zA-Z-]*\)|\(\?(?:P?<\w*>|[a-zA-Z-]*:)|\{(\d+(?:,\d*)?)\}|./gsu;

/** How often the piece before it may occur; undefined for what is no repetition. */
function repeatsOf(token: string, counted: string | undefined): number | undefined {
  if (token === '*' || token === '+' || token === '?') return 1;
  if (counted === undefined) return undefined;
  const [least = '', most = ''] = counted.split(',');
  return Math.max(1, Number(most || least));
}

/** A class of Unicode is a table of hundreds of ranges. */
const classSize = 15;
/** A range over many alphabets, where case does not count, is folded character by character. */
const foldedSize = 1_250;

/** So long a pattern is not looked into. */
const tooLong = 100_000;

/** What it costs to compile a pattern: about 10 microseconds for each. */
export function compileCost(source: string): number {
  if (source.length > tooLong) return source.length;
  const classes = source.match(/\\[pP]/g)?.length ?? 0;
  const folds = /\(\?[a-zA-Z-]*i/.test(source);
  const wide = folds ? (source.match(/-(?:\\|\P{ASCII})|\P{ASCII}-/gu)?.length ?? 0) : 0;
  return source.length + 0.4 * programSize(source) + classSize * classes + foldedSize * wide;
}
