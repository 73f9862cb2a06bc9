import { checkRecipient } from '../age/identity.ts';
import { wrapKey } from '../age/wrap.ts';
import { LockstepError } from '../errors.ts';
import {
  type AliasNode,
  applyEdits,
  type FormatId,
  type Node,
  type SourceDocument,
  type TextEdit,
} from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import type { Clock } from '../ports.ts';
import { type Scalar, scalar, text, type Value } from '../tree/value.ts';
import { commentText, writeCiphertext } from './comments.ts';
import { DataKey } from './datakey.ts';
import { macAad, timestamp } from './mac.ts';
import { field, leaf as leafAt, type Metadata, metadataValue, sopsVersion } from './metadata.ts';
import { Memo, macDigest } from './open.ts';
import { collect, type Leaf, readSealed, type Sealed, type SealedComment } from './sealed.ts';
import { defaultSelector, type Selector } from './selection.ts';
import type { SealedText } from './sign.ts';
import { walk } from './walk.ts';

export interface SealOptions {
  /** age recipients, `age1…`; each can open the file alone. */
  readonly recipients: readonly string[];
  readonly selector?: Selector;
  readonly macOnlyEncrypted?: boolean;
}

/**
 * Encrypt a plain file where it stands: every selected value and comment becomes an `ENC[…]` text in its own place, the
 * metadata comes at the end, nothing else of the text moves. The result is read back and compared before it is returned.
 * Throws what `parse` throws, ALREADY_ENCRYPTED, NO_RECIPIENTS, BAD_RECIPIENT, BAD_REGEX.
 */
export async function seal(
  plain: string,
  format: FormatId,
  options: SealOptions,
  clock: Clock,
): Promise<{ text: SealedText; sealed: Sealed }> {
  const doc = getFormat(format).parse(plain);
  if (doc.metadata.some((block) => block !== undefined)) throw new LockstepError('ALREADY_ENCRYPTED');
  if (options.recipients.length === 0) throw new LockstepError('NO_RECIPIENTS');
  const recipients = [...new Set(options.recipients.map(checkRecipient))];
  const selector = options.selector ?? defaultSelector;
  const macOnlyEncrypted = options.macOnlyEncrypted ?? false;
  const key = await DataKey.generate();
  try {
    const framed = await frame(doc, key, { recipients, selector, macOnlyEncrypted }, clock);
    const sealing = new Sealing(framed, selector, key);
    // The MAC is over the values as they were read, so that a value that a step below lost cannot be signed.
    const before = collect(doc, selector).leaves;
    requireSamePlaces(before, sealing.plain);
    const digest = await macDigest({ leaves: before, metadata: { macOnlyEncrypted } }, (leaf) => leaf.node.scalar);
    const edits = [...(await sealing.leaves()), ...(await sealing.comments()), ...(await sealing.mac(digest))];
    const sealed = await settled(readSealed(applyEdits(framed.text, edits), format), sealing, key);
    await requireSame(sealing, sealed, digest);
    return { text: sealed.doc.text as SealedText, sealed };
  } finally {
    key.dispose();
  }
}

/** The leaves of a file that is not encrypted; `encrypted` means "would be encrypted by this selector". */
export function plainLeaves(plain: string, format: FormatId, selector: Selector = defaultSelector): Leaf[] {
  const doc = getFormat(format).parse(plain);
  return collect(doc, selector).leaves.map((leaf) => ({
    ...leaf,
    encrypted: leaf.selected && holdsText(leaf.node.scalar),
    type: leaf.node.scalar.type,
  }));
}

function holdsText(value: Scalar): boolean {
  return value.type !== 'null' && !(value.type === 'str' && value.value.length === 0);
}

/**
 * The plain file with its metadata already there, without a MAC: what follows a comment decides which map it belongs to
 * and so which key path seals it, so comments are looked at as they will stand.
 */
async function frame(
  doc: SourceDocument,
  key: DataKey,
  { recipients, selector, macOnlyEncrypted }: Required<SealOptions>,
  clock: Clock,
): Promise<SourceDocument> {
  const metadata: Metadata = {
    recipients: await Promise.all(
      recipients.map(async (recipient) => ({ recipient, enc: await wrapKey(key.raw, recipient) })),
    ),
    foreign: [],
    lastModified: timestamp(clock.now()),
    mac: 'none yet',
    version: sopsVersion,
    selector,
    macOnlyEncrypted,
  };
  const format = getFormat(doc.format);
  return format.parse(applyEdits(doc.text, format.addMetadata(doc, metadataValue(metadata))));
}

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
  readonly memo = new Memo();
  /** What was written for each comment. */
  readonly sealedComments = new Map<string, { readonly aad: string; readonly text: string }>();
  readonly #comments: readonly SealedComment[];
  readonly #doc: SourceDocument;
  readonly #selector: Selector;
  readonly #key: DataKey;
  #mac: string | undefined;

  constructor(doc: SourceDocument, selector: Selector, key: DataKey) {
    const { leaves, comments } = collect(doc, selector);
    this.plain = leaves;
    this.#comments = comments;
    this.#doc = doc;
    this.#selector = selector;
    this.#key = key;
  }

  async leaves(): Promise<TextEdit[]> {
    const writer = getFormat(this.#doc.format);
    const stored = new Map(
      await Promise.all(this.plain.map(async (leaf) => [leaf.id, await this.#store(leaf)] as const)),
    );
    const edits: TextEdit[] = [];
    for (const leaf of this.plain) {
      const value = stored.get(leaf.id);
      if (leaf.around.alias || !leaf.selected || !value || value.type === 'null') continue;
      edits.push(...writer.writeScalar(this.#doc, leaf.node, value));
    }
    return [...edits, ...this.#aliases(stored)];
  }

  async comments(): Promise<TextEdit[]> {
    const writer = getFormat(this.#doc.format);
    const edits: TextEdit[] = [];
    for (const comment of this.#comments) {
      if (!comment.selected || comment.around.alias || comment.node.kind !== 'comment') continue;
      const enc = await this.#key.seal({ type: 'comment', value: comment.node.text }, comment.aad);
      if (enc === '') continue;
      this.#mustNotSelect(enc);
      this.sealedComments.set(enc, { aad: comment.aad, text: comment.node.text });
      edits.push(...writer.writeComment(this.#doc, comment.node, enc));
    }
    return edits;
  }

  /** The MAC in every copy of the metadata. */
  async mac(digest: string): Promise<TextEdit[]> {
    const writer = getFormat(this.#doc.format);
    const edits: TextEdit[] = [];
    for (const block of this.#doc.metadata) {
      const mac = block && leafAt(field(block.root, 'mac'));
      const lastModified = block && leafAt(field(block.root, 'lastmodified'));
      if (!mac || lastModified?.scalar.type !== 'str')
        throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
      const aad = macAad(String(lastModified.scalar.value));
      this.#mac ??= await this.#key.seal({ type: 'str', value: digest }, aad);
      edits.push(...writer.writeScalar(this.#doc, mac, text(this.#mac)));
    }
    return edits;
  }

  async #store(leaf: Leaf): Promise<Scalar> {
    const value = leaf.node.scalar;
    if (!leaf.selected || value.type === 'null') return value;
    const enc = await this.#key.seal(value, leaf.aad);
    this.memo.set(leaf.aad, enc, value);
    return text(enc);
  }

  /** SOPS has no aliases: each becomes a full copy, encrypted at its own key path. */
  #aliases(stored: ReadonlyMap<string, Scalar>): TextEdit[] {
    const edits: TextEdit[] = [];
    const byPlace = new Map(
      this.plain.map((leaf) => [JSON.stringify([leaf.document, ...leaf.path]), stored.get(leaf.id)]),
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
      throw new LockstepError('BAD_REGEX', { what: 'unencrypted_comment_regex' });
    }
  }
}

function aliasesBelow(node: Node): AliasNode[] {
  if (node.kind === 'alias') return [node, ...aliasesBelow(node.target)];
  if (node.kind === 'map')
    return node.members.flatMap((member) => (member.kind === 'entry' ? aliasesBelow(member.value) : []));
  if (node.kind === 'list') return node.items.flatMap((item) => (item.kind === 'comment' ? [] : aliasesBelow(item)));
  return [];
}

function copied(node: Node, at: readonly (string | number)[], stored: ReadonlyMap<string, Scalar | undefined>): Value {
  if (node.kind === 'alias') return copied(node.target, at, stored);
  if (node.kind === 'map') {
    const entries = node.members.filter((member) => member.kind === 'entry');
    return {
      kind: 'map',
      members: entries.map((entry) => ({ key: entry.key, value: copied(entry.value, [...at, entry.key], stored) })),
    };
  }
  if (node.kind === 'list') {
    const items = node.items.filter((item) => item.kind !== 'comment');
    return { kind: 'list', items: items.map((item, i) => copied(item, [...at, i], stored)) };
  }
  return scalar(stored.get(JSON.stringify(at)) ?? node.scalar);
}

/**
 * The plain file is about to be replaced, so what was written is compared with what was read: same places, same values,
 * same MAC. A slip in a writer becomes a refusal here, never a lost value.
 */
async function requireSame(sealing: Sealing, sealed: Sealed, digest: string): Promise<void> {
  const again = await macDigest(sealed, (leaf) => {
    const { scalar: found } = leaf.node;
    if (!leaf.encrypted || found.type !== 'str' || typeof found.value !== 'string') return found;
    const value = sealing.memo.get(leaf.aad, found.value);
    return value && value.type !== 'comment' ? value : undefined;
  });
  requireSamePlaces(sealing.plain, sealed.leaves);
  if (again !== digest) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
}

function requireSamePlaces(before: readonly Leaf[], after: readonly Leaf[]): void {
  const same =
    after.length === before.length &&
    after.every((leaf, i) => leaf.id === before[i]?.id && leaf.selected === before[i]?.selected);
  if (!same) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
}
