import { isUsable } from '../enckeys/keys.ts';
import { keyNameAt } from '../enckeys/names.ts';
import type { FormatId } from '../format/document.ts';
import { flatText } from '../tree/flattext.ts';
import type { Path } from '../tree/path.ts';
import type { Value } from '../tree/value.ts';

/** An entry of two versions that are brought together, with its values. */
interface Both {
  readonly entry: { readonly document: number; readonly path: Path; readonly state: string };
  readonly sides: { readonly mine: Value | undefined; readonly theirs: Value | undefined };
}

/**
 * The entries by which the merged file would lose a named encryption key that a side has: what was encrypted with it, in databases and files
 * anywhere, needs it. A key that is somewhere else in the merged file is not lost. Where one side alone changed an entry, `keeping` is the side
 * that counts: what it has lost before is not lost by this merge, else every old commit that is picked or reverted would bring up the key anew.
 */
export function losingKeys<T extends Both>(
  all: readonly T[],
  format: FormatId,
  keeping: 'mine' | 'theirs',
): ReadonlySet<T> {
  const held = new Map<T, readonly string[]>();
  for (const one of all) {
    const { entry, sides } = one;
    if (entry.state === 'same' || entry.document > 0) continue;
    const counted = entry.state === 'conflict' ? [sides.mine, sides.theirs] : [sides[keeping]];
    const keys = counted.flatMap((side) => (side ? keysIn(format, entry.path, side) : []));
    if (keys.length > 0) held.set(one, keys);
  }
  if (held.size === 0) return new Set();
  const kept = new Set(all.flatMap(textsOf));
  return new Set([...held].flatMap(([one, keys]) => (keys.every((key) => kept.has(key)) ? [] : one)));
}

/** The keys in what stands at a path: an entry may be their whole group, or the whole file. */
function keysIn(format: FormatId, path: Path, value: Value): string[] {
  if (value.kind === 'list' || path.length > 2) return [];
  if (value.kind === 'map') return value.members.flatMap((one) => keysIn(format, [...path, one.key], one.value));
  const key = flatText(value.scalar);
  return key !== undefined && keyNameAt(format, path) !== undefined && isUsable(key) ? [key] : [];
}

/** What the merged file has at an entry; nothing where that is to be decided. */
function textsOf({ entry: { state }, sides: { mine, theirs } }: Both): string[] {
  const merged = state === 'theirsOnly' ? theirs : mine;
  return merged && state !== 'conflict' ? scalarsIn(merged) : [];
}

function scalarsIn(value: Value): string[] {
  if (value.kind === 'scalar') return [flatText(value.scalar) ?? ''];
  return (value.kind === 'map' ? value.members.map((one) => one.value) : value.items).flatMap(scalarsIn);
}
