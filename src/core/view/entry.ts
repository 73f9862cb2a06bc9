import type { Leaf } from '../sops/sealed.ts';
import type { Lines } from './lines.ts';
import { touches } from './mask.ts';

/**
 * The entry that a cursor is on: the one whose key or value it touches, else the only one on its line.
 * Undefined between entries, and on a line of several when it touches none.
 */
export function leafAt(leaves: readonly Leaf[], lines: Lines, offset: number): Leaf | undefined {
  const line = lines.lineAt(offset);
  let onLine: Leaf | undefined;
  let several = false;
  for (const leaf of leaves) {
    if (touches(leaf.node.span, offset, offset) || (leaf.keySpan && touches(leaf.keySpan, offset, offset))) return leaf;
    if (lines.lineAt(anchorOf(leaf)) !== line) continue;
    several = onLine !== undefined;
    onLine = leaf;
  }
  return several ? undefined : onLine;
}

/** Where an entry starts: its key, or its value in a list. A lens hangs here. */
export function anchorOf(leaf: Leaf): number {
  // A key far above stands for a whole list; then the item itself is the place.
  return leaf.keySpan ? leaf.keySpan.start : leaf.node.span.start;
}
