import { grownIn } from '../diff/grown.ts';
import type { Entry, FormatId, MapNode, Span, TextEdit } from '../format/document.ts';
import { entriesOf, lineEnd, lineStart } from '../format/place.ts';
import { isEnvelopeOnly, isSealedToken } from '../format/signs.ts';
import { commentText } from '../open/comments.ts';
import type { Opened } from '../open/open.ts';
import { type Leaf, readSealed, type Sealed } from '../sops/sealed.ts';
import { commentsAmong, straysIn } from '../sops/strays.ts';
import { keyOf } from '../sops/value.ts';
import { type Path, samePath } from '../tree/path.ts';
import { lineMasks } from '../view/plain.ts';
import { ciphertext, Known } from './edited.ts';

/** What can be said of an edited encrypted text without a change of it. */

/** The entries of an encrypted text that have something in plaintext where the file's selector wants them encrypted. */
export function plainEntries({ leaves }: Pick<Sealed, 'leaves'>): Leaf[] {
  return leaves.filter(({ selected, node: { scalar } }) => {
    if (!selected || scalar.type === 'null') return false;
    return scalar.type !== 'str' || (scalar.value.length > 0 && !isEnvelopeOnly(String(scalar.value)));
  });
}

/**
 * Whether an edited text has something in plaintext, where it ought to be encrypted, that the version before has not. Of one
 * that does not parse, every line that is new and looks like a value. Never throws.
 */
export function hasNewPlaintext(edited: string, before: string, format: FormatId): boolean {
  const old = new Set(before.split(/\r?\n/).map((line) => line.trim()));
  const isNew = ({ start, end }: Span) =>
    edited
      .slice(start, end)
      .split(/\r?\n/)
      .some((line) => !old.has(line.trim()));
  const textAt = ({ start, end }: Span) => edited.slice(start, end);
  const isPlain = (span: Span) =>
    !isSealedToken(format, textAt(span)) && !harmless.test(textAt(lineAround(edited, span)).trim());
  try {
    const sealed = readSealed(edited, format);
    const comments = sealed.comments.filter(({ selected, node }) => selected && isPlainText(commentText(node)));
    const spans: readonly Span[] = [
      ...plainEntries(sealed).map(({ node }) => node.span),
      ...comments.flatMap(({ node }): readonly Span[] => ('parts' in node && node.parts) || [node.span]),
      ...sealed.doc.metadata.flatMap((block) => (block ? wrongMac(block.root) : [])),
      ...straysIn(sealed).flatMap(({ node, span }) => (node.scalar.type === 'null' ? [] : [span])),
      ...commentsAmong(sealed),
      ...typedInto(sealed, before),
    ];
    return spans.some((span) => isNew(lineAround(edited, span)));
  } catch {
    const comments = [...edited.matchAll(commentLine)].filter(([, said = '']) => isPlainText(said));
    return (
      comments.some(([line]) => !old.has(line.trim())) ||
      lineMasks(edited, format).some((span) => isPlain(span) && isNew(lineAround(edited, span)))
    );
  }
}

/** What was typed into or behind a value that was there before. */
function typedInto(sealed: Sealed, before: string): Span[] {
  try {
    return grownIn(sealed, readSealed(before, sealed.format));
  } catch {
    return [];
  }
}

/** A MAC that is none. */
function wrongMac(root: MapNode): Span[] {
  const isMac = ({ value }: Entry) =>
    value.kind === 'scalar' && (value.scalar.type !== 'str' || isEnvelopeOnly(String(value.scalar.value)));
  return entriesOf(root).flatMap((entry) => (entry.key !== 'mac' || isMac(entry) ? [] : [entry.span]));
}

/** A line that is a comment in a format that has some; in the others it is none, and as new. */
const commentLine = /^[ \t]*[#;]+(.*)$/gm;

/** Marks of git, and a name that somebody has begun to type: letters only, so that no token is taken for one. */
const harmless = /^(?:(?:<{7}|={7}|>{7}|\|{7})( .*)?|["']?[A-Za-z_][A-Za-z_.-]{0,23}["']?[ \t]*[:=]?)$/;

const isPlainText = (text: string) => text.trim() !== '' && !isEnvelopeOnly(text.trim());

function lineAround(text: string, { start, end }: Span): Span {
  return { start: lineStart(text, start), end: lineEnd(text, end) };
}

/** The edits that give a ciphertext back what was typed into it or taken from it, and the entry that it is; undefined for none. */
export function touchedEntry(verified: Opened, edited: string): { leaf: Leaf; edits: TextEdit[] } | undefined {
  const { format, doc, leaves } = verified.sealed;
  const before = new Map(leaves.map((leaf) => [leaf.id, leaf]));
  const known = new Known(verified);
  for (const leaf of readSealed(edited, format).leaves) {
    const old = before.get(leaf.id);
    if (!leaf.selected || !old?.encrypted || !known.isTouched(leaf)) continue;
    const text = doc.text.slice(old.node.span.start, old.node.span.end);
    return { leaf: old, edits: [{ ...leaf.node.span, text }] };
  }
  return undefined;
}

/** What an edit did to a verified version, by names. */
export interface EditSummary {
  readonly added: readonly Path[];
  readonly changed: readonly Path[];
  readonly removed: readonly Path[];
  readonly moved: readonly { readonly from: Path; readonly to: Path }[];
}

/** See `EditSummary`. Throws what parsing throws. */
export function summarize(verified: Opened, edited: string): EditSummary {
  const { format, leaves: before } = verified.sealed;
  const { leaves: after } = readSealed(edited, format);
  const now = new Set(after.map(({ id }) => id));
  const then = new Map(before.map((leaf) => [leaf.id, leaf]));
  const places = new Map(before.flatMap((leaf) => (leaf.encrypted ? [[ciphertext(leaf), leaf]] : [])));
  const gone = new Set(before.filter(({ id }) => !now.has(id)));
  const added: Path[] = [];
  const changed: Path[] = [];
  const moved: { from: Path; to: Path }[] = [];
  for (const leaf of after) {
    const was = leaf.encrypted ? places.get(ciphertext(leaf)) : undefined;
    const old = then.get(leaf.id);
    if (was && !samePath(was.path, leaf.path)) moved.push({ from: was.path, to: leaf.path });
    else if (!old) added.push(leaf.path);
    else if (keyOf(old.node.scalar) !== keyOf(leaf.node.scalar)) changed.push(leaf.path);
    if (was) gone.delete(was);
  }
  return { added, changed, removed: [...gone].map(({ path }) => path), moved };
}
