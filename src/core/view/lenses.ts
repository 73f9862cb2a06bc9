import type { Leaf } from '../sops/sealed.ts';
import { anchorOf } from './entry.ts';
import type { Lines } from './lines.ts';

type LensMode = 'auto' | 'all' | 'current' | 'none';
/**
 * `editor`: a value with line breaks, which an input box would join, is set in the Secrets Editor. `replace`: a binary file gets
 * the bytes of another one.
 */
export type EntryVerb = 'copy' | 'set' | 'editor' | 'replace' | 'reveal' | 'more' | 'unquote';

/** The lenses of one entry, and where they hang. */
interface EntryLens {
  readonly offset: number;
  readonly id: string;
  readonly verbs: readonly EntryVerb[];
}

export interface LensInput {
  readonly leaves: readonly Leaf[];
  readonly lines: Lines;
  readonly mode: LensMode;
  /** Id of the entry under the cursor. */
  readonly current: string | undefined;
  /** The encrypted comment under the cursor. */
  readonly comment: { readonly offset: number; readonly id: string } | undefined;
  /** The MAC holds, so entries may be changed. */
  readonly editable: boolean;
  /** Of a binary file: whether its one value is text. */
  readonly binary: 'text' | 'bytes' | undefined;
  /** Ids of entries that do not open. */
  readonly failed: ReadonlySet<string>;
  /** Ids of entries whose value has line breaks. */
  readonly several: ReadonlySet<string>;
  /** Ids of entries whose quotes are a part of the value. */
  readonly quoted: ReadonlySet<string>;
}

/** Up to this many, every entry has its lenses; more, and they would double the length of a file that fills the screen. */
const aScreenful = 15;

/** The lenses of an open file's entries. Never more than one entry's on a line. */
export function lensPlan(input: LensInput): EntryLens[] {
  const { comment, mode } = input;
  const entries = choose(input)
    .filter((leaf) => !input.failed.has(leaf.id))
    .map((leaf) => ({ offset: anchorOf(leaf), id: leaf.id, verbs: verbsOf(leaf, input) }))
    .filter((lens) => lens.verbs.length > 0);
  return comment && mode !== 'none' ? [...entries, { ...comment, verbs: ['reveal'] }] : entries;
}

function choose(input: LensInput): readonly Leaf[] {
  const current = input.leaves.filter((leaf) => leaf.id === input.current);
  if (input.mode === 'none') return [];
  const secrets = input.leaves.filter((leaf) => leaf.encrypted);
  if (input.mode === 'current' || (input.mode === 'auto' && secrets.length > aScreenful)) return current;
  return onePerLine(secrets, current[0], input.lines);
}

/** Entries that share a line cannot be told apart by lenses above it: there, only the one under the cursor has them. */
function onePerLine(secrets: readonly Leaf[], current: Leaf | undefined, lines: Lines): Leaf[] {
  const byLine = new Map<number, Leaf[]>();
  for (const leaf of secrets) {
    const line = lines.lineAt(anchorOf(leaf));
    const there = byLine.get(line);
    if (there) there.push(leaf);
    else byLine.set(line, [leaf]);
  }
  if (current) byLine.set(lines.lineAt(anchorOf(current)), [current]);
  return [...byLine.values()].flatMap((there) => (there.length === 1 ? there : []));
}

/** An unencrypted value can be read where it is; setting it through us keeps the MAC valid. */
function verbsOf(leaf: Leaf, { editable, several, quoted, binary }: LensInput): EntryVerb[] {
  const read: EntryVerb[] = leaf.encrypted && binary !== 'bytes' ? ['reveal'] : [];
  if (!editable) return leaf.encrypted ? ['copy', ...read] : [];
  const change: EntryVerb = binary ? 'replace' : several.has(leaf.id) ? 'editor' : 'set';
  const unquote: EntryVerb[] = quoted.has(leaf.id) ? ['unquote'] : [];
  return leaf.encrypted ? ['copy', change, ...read, 'more', ...unquote] : [change, 'more', ...unquote];
}

/** Who can read a file: we ourselves (any of our keys counts once) and how many others. */
export function readers(
  recipients: readonly string[],
  foreign: number,
  own: ReadonlySet<string>,
): { you: boolean; others: number } {
  const all = new Set(recipients);
  const mine = [...all].filter((recipient) => own.has(recipient)).length;
  return { you: mine > 0, others: all.size - mine + foreign };
}
