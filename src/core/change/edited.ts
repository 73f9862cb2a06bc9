import { commonEnds } from '../diff/ends.ts';
import { textEdits } from '../diff/lines.ts';
import { LockstepError } from '../errors.ts';
import { applyEdits, type ScalarNode, type SourceDocument, type TextEdit } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import { commentText } from '../open/comments.ts';
import type { Opened } from '../open/open.ts';
import { heldIn } from '../open/same.ts';
import { plainComment } from '../open/unseal.ts';
import { sameMetadata } from '../seal/reframe.ts';
import { type Collected, collect, type Leaf, readSealed, type Sealed } from '../sops/sealed.ts';
import { commentsAmong } from '../sops/strays.ts';
import { keyOf } from '../sops/value.ts';
import { flatText } from '../tree/flattext.ts';
import { scalarOf } from '../tree/typed.ts';
import type { Scalar } from '../tree/value.ts';
import { parsePlain } from './reseal.ts';

/**
 * The text of an encrypted file as somebody edited it in a text editor: entries typed in plaintext, renamed, moved, deleted,
 * commented out. A ciphertext is known by its text, wherever it is now: it is decrypted under the path that it had in the
 * verified version.
 */

/** The plain text that an edited encrypted text stands for. See `Intent` for what it throws. */
export async function plainOfEdited(
  verified: Opened,
  edited: string,
  growing: ReadonlySet<string> = new Set(),
): Promise<string> {
  const { format } = verified.sealed;
  const comments = await plainComments(verified);
  const sealed = readEdited(verified.sealed, withOpenComments(edited, comments));
  const known = new Known(verified);
  const writer = getFormat(format);
  const edits: TextEdit[] = [];
  const expected: Scalar[] = [];
  for (const leaf of sealed.leaves) {
    const grown = growing.has(leaf.id) ? known.grown(leaf) : undefined;
    const value = grown ?? known.value(leaf);
    expected.push(value ? heldIn(format, value) : leaf.node.scalar);
    if (value && !leaf.around.alias) edits.push(...writer.writeScalar(sealed.doc, leaf.node, heldIn(format, value)));
  }
  for (const { node, around } of sealed.comments) {
    if (around.alias) continue;
    const said = commentText(node);
    const plain = comments.get(said.trim()) ?? known.inComment(said, comments);
    if (plain === undefined) continue;
    if (node.kind === 'comment') edits.push(...writer.writeComment(sealed.doc, node, plain));
    else if (around.list) edits.push(...writer.itemToComment(sealed.doc, around.list, node, plain));
  }
  edits.push(...writer.removeMetadata(sealed.doc));
  const plain = parsePlain(sealed.doc, applyEdits(sealed.doc.text, edits));
  const { leaves } = collect(plain, verified.sealed.metadata.selector);
  const same =
    leaves.length === expected.length &&
    leaves.every((leaf, i) => leaf.id === sealed.leaves[i]?.id && keyOf(leaf.node.scalar) === keyOf(expected[i]));
  if (!same) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
  return plain.text;
}

/** The text of a leaf: its ciphertext, or the plaintext that somebody typed instead. Empty for a number, a boolean or null. */
export function ciphertext({ node: { scalar } }: { readonly node: ScalarNode }): string {
  return scalar.type === 'str' && typeof scalar.value === 'string' ? scalar.value : '';
}

/** What only a ciphertext has, or a piece of one. */
const piece = /ENC\[A|\[AES256_GCM|[A-Za-z0-9+/=]{8},(?:iv|tag|type):|,type:[a-z]+\]/;
const whole = /ENC\[AES256_GCM,data:[^\]\s]+,type:[a-z]+\]/g;

/** The values of a verified version by their ciphertext. */
export class Known {
  readonly #values = new Map<string, Scalar>();
  readonly #before: ReadonlyMap<string, Leaf>;

  constructor(verified: Opened) {
    const { leaves } = verified.sealed;
    this.#before = new Map(leaves.map((leaf) => [leaf.id, leaf]));
    for (const [i, leaf] of leaves.entries()) {
      const value = verified.valueAt(i);
      if (leaf.encrypted && value) this.#values.set(ciphertext(leaf), value);
    }
  }

  /** The value of a leaf that holds a ciphertext; undefined for one in plaintext. Throws FOREIGN_EDIT. */
  value(leaf: Leaf): Scalar | undefined {
    const enc = ciphertext(leaf);
    const value = this.#values.get(enc);
    if (value) return value;
    if (!leaf.selected && enc === ciphertext(this.#before.get(leaf.id) ?? leaf)) return undefined;
    const { path } = leaf;
    if (this.isTouched(leaf)) throw new LockstepError('FOREIGN_EDIT', { path, what: 'touched' });
    if (piece.test(enc)) throw new LockstepError('FOREIGN_EDIT', { path, what: 'ciphertext' });
    return undefined;
  }

  /** Somebody typed into the ciphertext that stood at this path, behind it or before it, or took a piece out. */
  isTouched(leaf: Leaf): boolean {
    const enc = ciphertext(leaf);
    const old = this.#before.get(leaf.id);
    const was = old?.encrypted ? ciphertext(old) : '';
    if (was === '' || enc === was || this.#values.has(enc)) return false;
    const { head, tail } = commonEnds(was, enc);
    return enc !== '' && (enc.includes(was) || head + tail >= 6);
  }

  /** What was typed right behind a ciphertext goes on its value; what is missing at its end is taken off. */
  grown(leaf: Leaf): Scalar | undefined {
    const old = this.#before.get(leaf.id);
    const was = old ? ciphertext(old) : '';
    const value = this.#values.get(was);
    const text = value && flatText(value);
    const enc = ciphertext(leaf);
    if (!value || text === undefined || enc === was) return undefined;
    if (enc.startsWith(was)) return scalarOf(text + enc.slice(was.length), value.type);
    const missing = was.length - enc.length;
    if (!was.startsWith(enc) || missing >= was.length - 6) return undefined;
    const letters = [...text];
    return scalarOf(letters.slice(0, Math.max(0, letters.length - missing)).join(''), value.type);
  }

  /**
   * A comment with ciphertexts in it: an entry that was commented out, or in INI one that goes on with a new line. Undefined
   * for one without.
   */
  inComment(text: string, comments: ReadonlyMap<string, string>): string | undefined {
    if (!piece.test(text)) return undefined;
    const plain = text.replace(whole, (enc) => {
      const value = this.#values.get(enc);
      return (value && flatText(value)?.replaceAll('\n', '\\n')) ?? comments.get(enc) ?? enc;
    });
    if (piece.test(plain)) throw new LockstepError('FOREIGN_EDIT', { what: 'ciphertext' });
    return plain;
  }
}

/** Plain comments by their ciphertext, and those that stay as they are by their own text. */
async function plainComments(verified: Opened): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const comment of verified.sealed.comments) {
    const said = commentText(comment.node);
    found.set(said.trim(), (await plainComment(verified, comment)) ?? said);
  }
  return found;
}

const bareComment = /^([ \t]*)(ENC\[AES256_GCM,data:[^\]\s]+,type:comment\])[ \t]*$/gm;

/** A comment whose sign was taken off is the line that it says. */
function withOpenComments(text: string, comments: ReadonlyMap<string, string>): string {
  return text.replace(bareComment, (line, indent: string, enc: string) => {
    const plain = comments.get(enc);
    return plain === undefined ? line : indent + plain.trim();
  });
}

/** Without any metadata it is a plain text that somebody pasted over the whole file. */
function readEdited({ format, doc, metadata }: Sealed, edited: string): Collected {
  const plain = parseEdited(doc, edited);
  if (plain.metadata.every((block) => block === undefined)) return collect(plain, metadata.selector);
  const after = readSealed(edited, format);
  const commentsIn = (of: SourceDocument) =>
    commentsAmong({ doc: of }).map(({ start, end }) => of.text.slice(start, end));
  const said = new Set(commentsIn(doc));
  const same =
    sameMetadata(doc, after.doc) &&
    commentsIn(after.doc).every((one) => said.has(one)) &&
    metadata.mac === after.metadata.mac &&
    metadata.lastModified === after.metadata.lastModified;
  if (!same) throw new LockstepError('FOREIGN_EDIT', { what: 'metadata' });
  return after;
}

/** Parses an edited text. Throws FOREIGN_EDIT where it would parse without what was typed in the middle of the metadata. */
function parseEdited(doc: SourceDocument, edited: string): SourceDocument {
  const parse = (text: string) => getFormat(doc.format).parse(text, doc.eol);
  try {
    return parse(edited);
  } catch (error) {
    const moved = movedOut(doc, edited);
    if (moved === undefined) throw error;
    parse(moved);
    throw new LockstepError('FOREIGN_EDIT', { what: 'metadata' });
  }
}

/** An edited text with the lines above the metadata that somebody typed in the middle of it; undefined where there are none. */
export function movedOut(doc: SourceDocument, edited: string): string | undefined {
  const block = doc.metadata[0]?.span;
  if (!block || (doc.format !== 'yaml' && doc.format !== 'ini')) return undefined;
  const edits = textEdits(doc.text, edited);
  const inside = edits.filter(({ start, end }) => start === end && block.start < start);
  if (inside.length === 0) return undefined;
  const lines = inside.flatMap(({ text }) => text.split(/\r?\n/)).filter((line) => line.trim() !== '');
  // A pasted text has more lines than a call takes arguments.
  const depth = lines.reduce((least, line) => Math.min(least, line.search(/\S/)), Number.POSITIVE_INFINITY);
  const text = lines.map((line) => line.slice(depth) + doc.eol).join('');
  const others = edits.filter((edit) => !inside.includes(edit));
  return applyEdits(doc.text, [...others, { start: block.start, end: block.start, text }]);
}
