import { LockstepError } from '../errors.ts';
import {
  type AliasNode,
  applyEdits,
  type CommentNode,
  type Node,
  type SourceDocument,
  type TextEdit,
} from '../format/document.ts';
import { childrenOf, entriesOf, errorAt, itemsOf } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import { type DataKey, inBatches } from '../keys/datakey.ts';
import { commentText, writeCiphertext } from '../open/comments.ts';
import { macDigest, type Opened } from '../open/open.ts';
import { type Collected, type Leaf, readSealed, type Sealed, type SealedComment } from '../sops/sealed.ts';
import { commentSpeaks, type Selector } from '../sops/selection.ts';
import { walk } from '../sops/walk.ts';
import { type Scalar, scalar, text, type Value } from '../tree/value.ts';
import { type ExpectedComment, type ExpectedLeaf, ownComments, prove, type SealedText } from './prove.ts';
import { macEdits } from './sign.ts';

/** What places of a plain text keep of an earlier version of the file, because nothing changed there. */
export interface Kept {
  /** By leaf id: what stays of a value. */
  readonly leaves: ReadonlyMap<string, KeptValue>;
  /** The old text of a comment; `item` where it stood as an item of its list: the token behind the dash. */
  readonly comments: ReadonlyMap<CommentNode, { readonly text: string; readonly item: string | undefined }>;
}

interface KeptValue {
  readonly enc: string;
  /** Where it fits, as it was in the file, quotes included. */
  readonly token: string | undefined;
  /** A flat format has a text for it, whatever type it was encrypted with. */
  readonly value: Scalar;
}

export interface HowToSeal {
  readonly key: DataKey;
  readonly selector: Selector;
  readonly macOnlyEncrypted: boolean;
  /** RFC 3339, whole seconds. */
  readonly lastModified: string;
  readonly kept?: Kept;
  /** An earlier version of the file: what stays of it need not be decrypted again. */
  readonly known?: Opened;
  /** The edits that sign the text with this digest, where its metadata is not there yet: they put it there. */
  readonly sign?: (digest: string) => Promise<readonly TextEdit[]>;
}

/**
 * Encrypt a plain document whose metadata stands in its place already: every selected value and comment becomes an
 * `ENC[…]` text, and the MAC is signed. The result is proved before it is returned (`prove`).
 * @param plain the document without metadata, by the same selector: the MAC is over its values as they were read, so that a value that a step
 *   on the way lost cannot be signed.
 * @param framed the same with the metadata, whose `mac` and `lastmodified` are written over.
 * Throws BAD_REGEX, BAD_DATA_KEY (disposed of), UNSUPPORTED_VALUE (`comment` where SOPS would not see one that chooses what
 * is encrypted).
 */
export async function sealFramed(
  plain: Collected,
  framed: Collected,
  how: HowToSeal,
): Promise<{ readonly text: SealedText; readonly sealed: Sealed }> {
  const sealing = new Sealing(framed, how);
  sealing.requireHeard();
  requireSamePlaces(plain.leaves, framed.leaves);
  requireSameComments(plain, framed, how.kept);
  const covered = { leaves: plain.leaves, metadata: { macOnlyEncrypted: how.macOnlyEncrypted } };
  const digest = await macDigest(covered, (leaf) => plainOf(leaf, how.kept));
  const edits = [
    ...(await sealing.leaves()),
    ...(await sealing.comments()),
    ...(await (how.sign?.(digest) ?? macEdits(framed.doc, digest, how.lastModified, how.key))),
  ];
  const sealed = await settled(readSealed(applyEdits(framed.doc.text, edits), framed.doc.format), sealing, how.key);
  const leaves = plain.leaves.map((leaf): ExpectedLeaf => ({ ...leaf, value: plainOf(leaf, how.kept) }));
  const expected = { leaves, comments: sealing.expectedComments() };
  return { text: await prove(sealed, how.key, expected, how.known), sealed };
}

/**
 * The fast way where the metadata is not there yet: it comes, signed, in the same edit as the ciphertexts, and the text is read
 * once, for the proof. Undefined where that does not do: its place is gone, or what follows a comment now gives it to another map.
 */
export async function sealAtOnce(
  plain: Collected,
  how: HowToSeal & Required<Pick<HowToSeal, 'sign'>>,
): Promise<Awaited<ReturnType<typeof sealFramed>> | undefined> {
  try {
    const after = await sealFramed(plain, plain, how);
    const [before, now] = [ownComments(plain.comments), ownComments(after.sealed.comments)];
    const same = before.every((one, i) => one.aad === now[i]?.aad && one.selected === now[i].selected);
    const lost = [...before, ...now].some(({ node }) => node.kind === 'comment' && node.lost);
    return same && !lost ? after : undefined;
  } catch (error) {
    // Whatever is wrong is said by the way that looks at each part.
    if (error instanceof LockstepError || error instanceof RangeError) return undefined;
    throw error;
  }
}

const plainOf = ({ id, node }: Leaf, kept: Kept | undefined): Scalar => kept?.leaves.get(id)?.value ?? node.scalar;

/** Comments that still came to stand in another map, because a value beside them became one line. */
async function settled(sealed: Sealed, sealing: Sealing, key: DataKey): Promise<Sealed> {
  const edits: TextEdit[] = [];
  for (const { node, aad } of sealed.comments) {
    const known = sealing.sealedComments.get(commentText(node));
    if (!known || known.aad === aad) continue;
    edits.push(...writeCiphertext(sealed.doc, node, await key.seal({ type: 'comment', value: known.text }, aad)));
  }
  return edits.length === 0 ? sealed : readSealed(applyEdits(sealed.doc.text, edits), sealed.format);
}

/** One encryption in progress: what each place gets, remembered so that the result can be compared with the input. */
class Sealing {
  readonly plain: readonly Leaf[];
  /** What was written for each comment. */
  readonly sealedComments = new Map<string, { readonly aad: string; readonly text: string }>();
  readonly #comments: readonly SealedComment[];
  readonly #doc: SourceDocument;
  readonly #selector: Selector;
  readonly #key: DataKey;
  readonly #kept: Kept | undefined;

  constructor({ doc, leaves, comments }: Collected, { selector, key, kept }: HowToSeal) {
    this.plain = leaves;
    this.#comments = comments;
    this.#doc = doc;
    this.#selector = selector;
    this.#key = key;
    this.#kept = kept;
  }

  /** What somebody means to be encrypted must not stay in clear text because SOPS drops the comment that says so. */
  requireHeard(): void {
    for (const { node } of this.#comments) {
      if (node.kind !== 'comment' || !node.lost || !commentSpeaks(this.#selector, node.text)) continue;
      throw errorAt('UNSUPPORTED_VALUE', this.#doc.text, node.span.start, 'comment');
    }
  }

  async leaves(): Promise<TextEdit[]> {
    const values = await inBatches(this.plain, (leaf) => this.#stored(leaf));
    const edits: TextEdit[] = [];
    for (const [i, leaf] of this.plain.entries()) {
      const value = values[i] as Scalar;
      if (!leaf.around.alias && leaf.selected && value.type !== 'null') edits.push(...this.#write(leaf, value));
    }
    edits.push(...this.#aliases(values));
    return edits;
  }

  /** A ciphertext that stays has the quotes that it had. */
  #write(leaf: Leaf, value: Scalar): TextEdit[] {
    const { node, id } = leaf;
    const token = this.#kept?.leaves.get(id)?.token;
    const old = this.#doc.text.slice(node.span.start, node.span.end);
    if (token !== undefined && /^[^\r\n&!|>]+$/.test(old)) return [{ ...node.span, text: token }];
    const edits = getFormat(this.#doc.format).writeScalar(this.#doc, node, value);
    const [only] = edits;
    const bare = !/[&!]/.test(this.#doc.text.charAt(node.span.start));
    if (token === undefined || !only || edits.length > 1 || only.start !== node.span.start || !bare) return edits;
    return [{ ...only, text: token }];
  }

  /** What each comment has to say in the sealed text. What stays in clear text stood so before. */
  expectedComments(): ExpectedComment[] {
    return ownComments(this.#comments).map(({ node }) => {
      const kept = node.kind === 'comment' ? this.#kept?.comments.get(node) : undefined;
      return { text: commentText(node), clear: kept?.text === commentText(node) };
    });
  }

  async comments(): Promise<TextEdit[]> {
    const edits: TextEdit[] = [];
    for (const { node, path, aad, selected, around } of this.#comments) {
      if (around.alias) continue;
      // A text that stands for an encrypted comment would be taken for one, and then not open.
      if (node.kind !== 'comment') throw new LockstepError('UNSUPPORTED_VALUE', { path, what: 'envelope' });
      const kept = this.#kept?.comments.get(node);
      const enc = kept?.text ?? (selected ? await this.#key.seal({ type: 'comment', value: node.text }, aad) : '');
      if (enc === '' || enc === node.text) continue;
      if (!kept) this.#mustNotSelect(enc);
      this.sealedComments.set(enc, { aad, text: node.text });
      edits.push(...this.#writeComment(node, enc, kept?.item));
    }
    return edits;
  }

  #writeComment(node: CommentNode, enc: string, item: string | undefined): TextEdit[] {
    if (item !== undefined) return [{ ...node.span, text: `- ${item}` }];
    return getFormat(this.#doc.format).writeComment(this.#doc, node, enc);
  }

  #stored({ id, aad, selected, node: { scalar: value } }: Leaf): Promise<Scalar> | Scalar {
    if (!selected || value.type === 'null') return value;
    const enc = this.#kept?.leaves.get(id)?.enc ?? this.#key.sealSoon(value, aad);
    return enc instanceof Promise ? enc.then(text) : text(enc);
  }

  /** SOPS has no aliases: each becomes a full copy, encrypted at its own key path. */
  #aliases(stored: readonly Scalar[]): TextEdit[] {
    if (!this.#doc.documents.some((root) => aliasesBelow(root).length > 0)) return [];
    const edits: TextEdit[] = [];
    const byPlace = new Map(
      this.plain.map((leaf, i) => [JSON.stringify([leaf.document, ...leaf.path]), stored[i]] as const),
    );
    let inside = new Set<AliasNode>();
    walk(this.#doc.documents, this.#selector, {
      leaf: () => {},
      alias: (alias, place) => {
        if (inside.has(alias)) return;
        inside = new Set([...inside, ...aliasesBelow(alias.target)]);
        const at = [place.document, ...place.path];
        edits.push(...getFormat(this.#doc.format).writeAlias(this.#doc, alias, copied(alias.target, at, byPlace)));
      },
    });
    return edits;
  }

  /** An encrypted comment that speaks to the selector would change what is encrypted (SOPS refuses it as well). */
  #mustNotSelect(enc: string): void {
    if (this.#selector.kind === 'unencrypted_comment_regex' && this.#selector.pattern.test(enc)) {
      throw new LockstepError('BAD_REGEX', { what: 'ciphertext', setting: 'unencrypted_comment_regex' });
    }
  }
}

function aliasesBelow(node: Node): AliasNode[] {
  if (node.kind === 'alias') return [node, ...aliasesBelow(node.target)];
  return childrenOf(node).flatMap(aliasesBelow);
}

function copied(node: Node, at: readonly (string | number)[], stored: ReadonlyMap<string, Scalar | undefined>): Value {
  if (node.kind === 'alias') return copied(node.target, at, stored);
  if (node.kind === 'map') {
    const members = entriesOf(node).map(({ key, value }) => ({ key, value: copied(value, [...at, key], stored) }));
    return { kind: 'map', members };
  }
  if (node.kind === 'list')
    return { kind: 'list', items: itemsOf(node).map((item, i) => copied(item, [...at, i], stored)) };
  return scalar(stored.get(JSON.stringify(at)) ?? node.scalar);
}

function requireSamePlaces(before: readonly Leaf[], after: readonly Leaf[]): void {
  const same =
    after.length === before.length &&
    after.every((leaf, i) => leaf.id === before[i]?.id && leaf.selected === before[i]?.selected);
  if (!same) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
}

/**
 * No comment may get lost on the way, nor come from a value. One that is to be encrypted may not come to stand where nothing
 * is, because the metadata follows it now: see `settleComments`.
 */
function requireSameComments(plain: Collected, framed: Collected, kept: Kept | undefined): void {
  const [before, after] = [ownComments(plain.comments), ownComments(framed.comments)];
  if (before.length !== after.length) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'comments' });
  before.forEach((comment, i) => {
    const { node, selected } = after[i] as SealedComment;
    const said = commentText(node);
    if (commentText(comment.node) !== said) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'comments' });
    const stays = node.kind === 'comment' && kept?.comments.get(node)?.text === said;
    if (comment.selected && !selected && said !== '' && !stays)
      throw errorAt('UNSUPPORTED_VALUE', plain.doc.text, comment.node.span.start, 'comment-place');
  });
}
