import { LockstepError } from '../errors.ts';
import type { FormatId } from '../format/document.ts';
import { formatOfBytes, getFormat } from '../format/which.ts';
import { commentText, openComment } from '../open/comments.ts';
import type { Opened } from '../open/open.ts';
import { binaryLeaves } from '../seal/seal.ts';
import type { Metadata } from '../sops/metadata.ts';
import { type Collected, collect, isSealed, type Leaf, readSealed, type Sealed } from '../sops/sealed.ts';
import { defaultSelector } from '../sops/selection.ts';
import type { Path } from '../tree/path.ts';
import type { Fingerprints } from './fingerprints.ts';

/** One value of a version, as far as a comparison needs it: no value is in it. */
export interface Entry {
  /** Names the leaf within its version. */
  readonly id: string;
  readonly document: number;
  readonly path: Path;
  readonly occurrence: number;
  readonly kind: Leaf['type'];
  /** Encrypted in the file. */
  readonly sealed: boolean;
  /** The fingerprint of its value; undefined where it could not be decrypted. */
  readonly mark: string | undefined;
  /** Its ciphertext; undefined for what stands in clear text. */
  readonly cipher: string | undefined;
  /** The fingerprint of the comments that belong to it; empty without any. */
  readonly comments: string;
}

/** One version of a file, to be compared. */
export interface Side {
  readonly format: FormatId;
  /** `opened`: by its values. `sealed`: by its ciphertext, because it could not be opened. `plain`: it is not encrypted. */
  readonly how: 'opened' | 'sealed' | 'plain';
  /** The MAC does not match, or a value does not open. */
  readonly damaged: boolean;
  readonly metadata: Metadata | undefined;
  /** The fingerprint of its data key; undefined where there is none or it is not known. */
  readonly dataKey: string | undefined;
  readonly entries: readonly Entry[];
  /** The fingerprint of the comments that stand behind the last entry. */
  readonly comments: string;
}

/** What a version is before anybody opens it. */
export type Read =
  | { readonly kind: 'sealed'; readonly sealed: Sealed }
  | { readonly kind: 'plain'; readonly format: FormatId; readonly parts: Pick<Collected, 'leaves' | 'comments'> };

/**
 * A version of a file, read without a key. Throws what parsing throws.
 * @param name of the file: it says what format it has
 */
export function readVersion(name: string, bytes: Uint8Array): Read {
  const { format, text } = formatOfBytes(name, bytes);
  if (isSealed(text, format)) return { kind: 'sealed', sealed: readSealed(text, format) };
  if (format === 'binary') return { kind: 'plain', format, parts: { leaves: binaryLeaves(bytes), comments: [] } };
  try {
    return { kind: 'plain', format, parts: collect(getFormat(format).parse(text), defaultSelector) };
  } catch (error) {
    // A file that somebody emptied has no entries.
    if (error instanceof LockstepError && error.code === 'EMPTY_FILE')
      return { kind: 'plain', format, parts: { leaves: [], comments: [] } };
    throw error;
  }
}

/** A version that was opened. */
export async function openedSide(opened: Opened, prints: Fingerprints): Promise<Side> {
  const { sealed, dataKey, verdict } = opened;
  const said = await Promise.all(
    sealed.comments.map(
      async ({ node, aad }) => (await openComment(dataKey, aad, commentText(node))) ?? commentText(node),
    ),
  );
  const marks = sealed.leaves.map((_, i) => {
    const value = opened.valueAt(i);
    return value && prints.of(value);
  });
  return {
    ...sideOf(sealed.format, sealed, marks, said, prints),
    ...{ how: 'opened', damaged: !verdict.ok, metadata: sealed.metadata },
    dataKey: prints.ofText(`data key ${dataKey.raw.join()}`),
  };
}

/** A version that is not encrypted, or that no key at hand opens: what it says in clear text, and its ciphertext. */
export function closedSide(read: Read, prints: Fingerprints): Side {
  const parts = read.kind === 'sealed' ? read.sealed : read.parts;
  const isSealedFile = read.kind === 'sealed';
  const marks = parts.leaves.map(({ selected, node }) =>
    isSealedFile && selected ? undefined : prints.of(node.scalar),
  );
  const said = parts.comments.map(({ node }) => commentText(node));
  return {
    ...sideOf(isSealedFile ? read.sealed.format : read.format, parts, marks, said, prints),
    ...{ how: isSealedFile ? 'sealed' : 'plain', damaged: false, dataKey: undefined },
    metadata: isSealedFile ? read.sealed.metadata : undefined,
  };
}

function sideOf(
  format: FormatId,
  { leaves, comments }: Pick<Collected, 'leaves' | 'comments'>,
  marks: readonly (string | undefined)[],
  said: readonly string[],
  prints: Fingerprints,
): Pick<Side, 'format' | 'entries' | 'comments'> {
  const isSealedFile = (leaf: Leaf) => leaf.encrypted && cipherOf(leaf) !== undefined;
  const of = commentsOf(leaves, comments, said);
  const markOf = (texts: readonly string[] | undefined) =>
    texts ? prints.ofText(`comments ${JSON.stringify(texts)}`) : '';
  const entries = leaves.map((leaf, i): Entry => {
    const { id, document, path, occurrence, type } = leaf;
    const sealed = isSealedFile(leaf);
    return {
      ...{ id, document, path, occurrence, sealed, kind: type, mark: marks[i] },
      cipher: sealed ? cipherOf(leaf) : undefined,
      comments: markOf(of.get(i)),
    };
  });
  return { format, entries, comments: markOf(of.get(leaves.length)) };
}

function cipherOf({ node: { scalar } }: Leaf): string | undefined {
  return scalar.type === 'str' && typeof scalar.value === 'string' && scalar.value.startsWith('ENC[')
    ? scalar.value
    : undefined;
}

/** What each comment says, by the entry that it stands above or at the end of whose line it stands; behind the last one there is none. */
function commentsOf(
  leaves: readonly Leaf[],
  comments: Collected['comments'],
  said: readonly string[],
): ReadonlyMap<number, readonly string[]> {
  const places = leaves
    .flatMap(({ keySpan, node, around }, i) => (around.alias ? [] : [{ i, start: keySpan?.start ?? node.span.start }]))
    .sort((a, b) => a.start - b.start);
  const of = new Map<number, string[]>();
  for (const [n, { node, around }] of comments.entries()) {
    if (around.alias) continue;
    const after = firstFrom(places, node.span.start);
    const inline = node.kind === 'comment' && node.inline && after > 0;
    const owner = inline ? places[after - 1]?.i : (places[after]?.i ?? leaves.length);
    if (owner === undefined) continue;
    of.set(owner, [...(of.get(owner) ?? []), (said[n] ?? '').trim()]);
  }
  return of;
}

/** How many places are before an offset. */
function firstFrom(places: readonly { readonly start: number }[], offset: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
