import { LockstepError } from '../errors.ts';
import type { CommentNode, FormatId, ScalarNode, SourceDocument, Span } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import { type Metadata, readMetadata, requireUnique } from './metadata.ts';
import type { Selector } from './selection.ts';
import { envelopeType } from './value.ts';
import { type Around, type Place, walk } from './walk.ts';

export type LeafType = 'str' | 'int' | 'float' | 'bool' | 'time' | 'null';

/** One leaf of a file, encrypted or not: what a row, a lens or a mask stands for. */
export interface Leaf extends Omit<Place, 'name'> {
  /**
   * Names the leaf within one text: document, key path, and the occurrence where a key stands twice. Commands pass it
   * around; it holds no value.
   */
  readonly id: string;
  /** Which of the entries of its name it is: 0 for the first. */
  readonly occurrence: number;
  /** `node.span` is what a mask covers. */
  readonly node: ScalarNode;
  /** The key token of its own entry; undefined for a list item. */
  readonly keySpan: Span | undefined;
  /** In encrypted position, and an `ENC[…]` text. */
  readonly encrypted: boolean;
  /** From the `type:` label when encrypted. */
  readonly type: LeafType;
  readonly around: Around;
}

export interface SealedComment extends Omit<Place, 'name'> {
  readonly node: CommentNode | ScalarNode;
  readonly around: Around;
}

/** Every leaf and comment of a parsed file, in file order, as a selector sees them. */
export interface Collected {
  readonly doc: SourceDocument;
  readonly leaves: readonly Leaf[];
  readonly comments: readonly SealedComment[];
}

/** An encrypted file as it stands: nothing in it needs a key. */
export interface Sealed extends Collected {
  readonly format: FormatId;
  readonly metadata: Metadata;
  /** It is a file of dotenvx, and none of SOPS: each value is encrypted by itself, for this public key. */
  readonly dotenvx?: { readonly publicKey: string };
}

export { isSealed } from '../format/look.ts';

/** Parse an encrypted file. Throws what the format's `parse` and `readMetadata` throw, and NO_METADATA. */
export function readSealed(text: string, format: FormatId): Sealed {
  const doc = getFormat(format).parse(text);
  const block = doc.metadata[0];
  if (!block) throw new LockstepError('NO_METADATA');
  const metadata = readMetadata(block.root);
  // sops reads the first copy only. The others are written along, and who trusts one must be able to trust all.
  for (const other of doc.metadata.slice(1)) if (other) requireUnique(other.root);
  return { format, metadata, ...collect(doc, metadata.selector) };
}

/**
 * Characters of all key paths and of what aliases repeat. Each leaf carries its whole path: a long name over many leaves
 * would take more memory than there is.
 */
const maxExpanded = 100 * 1024 * 1024;

/** Every leaf and comment of a parsed file, in file order. */
export function collect(doc: SourceDocument, selector: Selector): Collected {
  const leaves: Leaf[] = [];
  const comments: SealedComment[] = [];
  const seen = new Map<string, number>();
  let size = 0;
  walk(doc.documents, selector, {
    leaf: (node, place, around) => {
      const label = place.selected ? sealedType(node) : undefined;
      const type = label ?? node.scalar.type;
      const { document, path, aad, selected } = place;
      const occurrence = seen.get(place.name) ?? 0;
      seen.set(place.name, occurrence + 1);
      const id = occurrence === 0 ? place.name : `${place.name}#${occurrence}`;
      size += id.length + aad.length + (around.alias ? node.span.end - node.span.start : 0);
      if (size > maxExpanded) throw new LockstepError('TOO_LARGE', { what: 'names' });
      leaves.push({
        document,
        path,
        aad,
        selected,
        id,
        occurrence,
        node,
        keySpan: around.key,
        encrypted: label !== undefined,
        type,
        around,
      });
    },
    comment: (node, place, around) => comments.push({ ...place, node, around }),
  });
  return { doc, leaves, comments };
}

/** The leaf with this id, or undefined. */
export function findEntry(sealed: Sealed, id: string): Leaf | undefined {
  return sealed.leaves.find((leaf) => leaf.id === id);
}

const types: readonly string[] = ['str', 'int', 'float', 'bool', 'time'];

function sealedType(node: ScalarNode): LeafType | undefined {
  const value = node.scalar.type === 'str' ? node.scalar.value : undefined;
  const label = typeof value === 'string' ? envelopeType(value) : undefined;
  if (label === undefined) return undefined;
  return types.includes(label) ? (label as LeafType) : 'str';
}
