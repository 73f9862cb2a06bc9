import { labelOf } from '../sops/label.ts';
import type { Leaf } from '../sops/sealed.ts';
import type { Path } from '../tree/path.ts';
import { withEntryRenamed, withFileRenamed } from './edit.ts';
import { readPolicy } from './policy.ts';

/** An entry or a group of a file that got another key path, in either direction: what is undone is a rename as well. */
export interface Rename {
  readonly document: number;
  readonly from: Path;
  readonly to: Path;
}

type Named = Pick<Leaf, 'document' | 'path' | 'occurrence'>;

/**
 * The policy after renames in a file, as far as the file has the new name now and the old one no more. Throws BAD_POLICY.
 * @param leaves the file's entries as they are now
 */
export function withRenames(text: string, file: string, leaves: readonly Named[], renames: readonly Rename[]): string {
  const there = new Set(leaves.map(labelOf));
  const both = renames.flatMap(({ document, from, to }) => [
    { document, from, to },
    { document, from: to, to: from },
  ]);
  let next = text;
  for (const { entry } of readPolicy(text).entries.filter((one) => one.file === file && !there.has(one.entry))) {
    const now = leaves.find((leaf) => both.some((rename) => nameBefore(leaf, rename) === entry));
    if (now) next = withEntryRenamed(next, file, entry, labelOf(now));
  }
  return next;
}

/** What a leaf was called before a rename of it or of a group around it. */
function nameBefore(leaf: Named, { document, from, to }: Rename): string | undefined {
  const isBelow = leaf.document === document && to.every((part, i) => part === leaf.path[i]);
  return isBelow ? labelOf({ ...leaf, path: [...from, ...leaf.path.slice(to.length)] }) : undefined;
}

/** The policy after a file or a folder moved. Throws BAD_POLICY. */
export function withMove(text: string, from: string, to: string): string {
  const files = new Set(readPolicy(text).entries.map(({ file }) => file));
  let next = text;
  for (const file of files) {
    if (file === from) next = withFileRenamed(next, file, to);
    else if (file.startsWith(`${from}/`)) next = withFileRenamed(next, file, to + file.slice(from.length));
  }
  return next;
}
