import { withoutQuotes } from '../env/differences.ts';
import { LockstepError } from '../errors.ts';
import type { SourceDocument, TextEdit } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import type { Opened } from '../open/open.ts';
import type { Clock } from '../ports.ts';
import type { Change } from '../seal/sign.ts';
import type { Leaf } from '../sops/sealed.ts';
import type { Scalar } from '../tree/value.ts';
import { editPlain } from './edit.ts';

/** The entries of a dotenv file whose quotes are a part of the value for sops, while loaders take them off. */
export function quotedLeaves(opened: Opened): Leaf[] {
  if (opened.sealed.format !== 'dotenv') return [];
  return opened.sealed.leaves.filter((leaf) => bareText(opened.value(leaf.id)) !== undefined);
}

/** The text of a dotenv value as loaders read it, without its quotes; undefined for one that has none. */
export function bareText(value: Scalar | undefined): string | undefined {
  return value?.type === 'str' && typeof value.value === 'string' ? withoutQuotes(value.value) : undefined;
}

/**
 * Gives entries of a dotenv file the value that a loader reads, in one change; what has no quotes stays. Throws BAD_VALUE with
 * the path of a value that sops could not hold, and what `editPlain` throws.
 */
export function removeQuotes(opened: Opened, ids: ReadonlySet<string>, clock: Clock): Promise<Change> {
  return editPlain(opened, (doc) => edits(doc, opened, ids), clock);
}

function edits(doc: SourceDocument, { sealed }: Opened, ids: ReadonlySet<string>): TextEdit[] {
  const entries = doc.documents[0]?.members.filter((member) => member.kind === 'entry') ?? [];
  return entries.flatMap(({ key, value: node }, i) => {
    if (!ids.has(sealed.leaves[i]?.id ?? '') || node.kind !== 'scalar') return [];
    const text = bareText(node.scalar);
    if (text === undefined) return [];
    // How sops spells a line break: it cannot be told from one.
    if (text.includes('\\n')) throw new LockstepError('BAD_VALUE', { path: [key], what: 'backslash-n' });
    return getFormat('dotenv').writeScalar(doc, node, { type: 'str', value: text });
  });
}
