import { shifted, textEdits } from '../diff/lines.ts';
import { LockstepError } from '../errors.ts';
import { applyEdits, type MapNode, type SourceDocument, type TextEdit } from '../format/document.ts';
import { fingerprint, nodeValue } from '../format/nodevalue.ts';
import { getFormat } from '../format/which.ts';
import type { Unsealed } from '../open/unseal.ts';
import { type Collected, collect, type Sealed } from '../sops/sealed.ts';
import { keyOf } from '../sops/value.ts';
import type { Value } from '../tree/value.ts';

/**
 * A plain text with the metadata of the encrypted file that it came from: each block as it stood, in its old place where
 * that is still there, else at the end of its document; a new document gets a copy of the first. Throws UNSUPPORTED_VALUE.
 */
export function reframe(sealed: Sealed, old: Unsealed, plain: Collected): Collected {
  for (const place of [inPlace, atEnd, appended]) {
    const text = place(sealed.doc, plain.doc, old);
    const framed = text === undefined ? undefined : parsed(plain.doc, text);
    if (!framed || !sameMetadata(sealed.doc, framed)) continue;
    const all = collect(framed, sealed.metadata.selector);
    if (sameLeaves(plain, all)) return all;
  }
  throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
}

function parsed(plain: SourceDocument, text: string): SourceDocument | undefined {
  try {
    return getFormat(plain.format).parse(text);
  } catch {
    return undefined;
  }
}

function inPlace(doc: SourceDocument, plain: SourceDocument, old: Unsealed): string | undefined {
  const edits = metadataEdits(doc, plain, old);
  return edits && applyEdits(plain.text, edits);
}

/**
 * The edits of a plain text that put every part which decryption took out back to where it was; undefined where its place is
 * not there any more. @param signing edits of the encrypted text inside those parts.
 */
export function metadataEdits(
  doc: SourceDocument,
  plain: SourceDocument,
  old: Unsealed,
  signing: readonly TextEdit[] = [],
): TextEdit[] | undefined {
  if (plain.documents.length !== doc.documents.length) return undefined;
  const changed = textEdits(old.text, plain.text);
  const opened = [...old.edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const edits: TextEdit[] = [];
  let signed = 0;
  for (const taken of getFormat(doc.format).removeMetadata(doc)) {
    const before = shifted(opened, taken.start);
    const at = before === undefined ? undefined : shifted(changed, before);
    if (at === undefined || taken.text !== '') return undefined;
    const own = signing.filter(({ start, end }) => taken.start <= start && end <= taken.end);
    const shift = ({ start, end, text }: TextEdit) => ({ start: start - taken.start, end: end - taken.start, text });
    edits.push({ start: at, end: at, text: applyEdits(doc.text.slice(taken.start, taken.end), own.map(shift)) });
    signed += own.length;
  }
  return signed === signing.length ? edits : undefined;
}

/** The metadata appended, and then each block spelt as it was. */
function atEnd(doc: SourceDocument, plain: SourceDocument): string | undefined {
  const framed = parsed(plain, appended(doc, plain));
  if (!framed) return undefined;
  const edits = framed.metadata.flatMap((block, i) => {
    const was = doc.metadata[i] ?? doc.metadata[0];
    return block && was ? [{ ...block.span, text: doc.text.slice(was.span.start, was.span.end) }] : [];
  });
  return applyEdits(framed.text, edits);
}

function appended(doc: SourceDocument, plain: SourceDocument): string {
  const root = doc.metadata[0]?.root;
  if (!root) throw new LockstepError('NO_METADATA');
  return applyEdits(plain.text, getFormat(plain.format).addMetadata(plain, nodeValue(root)));
}

/** Nothing but the metadata was added. */
function sameLeaves(plain: Collected, framed: Collected): boolean {
  return (
    plain.doc.documents.length === framed.doc.documents.length &&
    plain.leaves.length === framed.leaves.length &&
    plain.leaves.every((leaf, i) => {
      const other = framed.leaves[i];
      return leaf.id === other?.id && keyOf(leaf.node.scalar) === keyOf(other.node.scalar);
    })
  );
}

/**
 * Whether each copy of the metadata still says the same, but for when and by which MAC the file was signed. A document
 * that had none may have got one, and a new one has to have it.
 */
export function sameMetadata(before: SourceDocument, after: SourceDocument): boolean {
  const first = before.metadata[0];
  return after.metadata.every((block, i) => {
    const was = i < before.metadata.length ? before.metadata[i] : first;
    if (!block) return was === undefined;
    const root = (was ?? first)?.root;
    return root !== undefined && fingerprint(unsigned(block.root)) === fingerprint(unsigned(root));
  });
}

function unsigned(root: MapNode): Value {
  const members = root.members.filter(
    (member) => member.kind === 'entry' && !/^(?:mac|lastmodified)$/i.test(member.key),
  );
  return nodeValue({ ...root, members });
}
