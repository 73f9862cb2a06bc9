import { isLeftPlain, isOwnName, linesOf, rawOf, valueIn } from '../dotenvx/file.ts';
import { LockstepError } from '../errors.ts';
import { applyEdits, type FormatId, type SourceDocument, type TextEdit } from '../format/document.ts';
import { bytesOfText, requireReadable } from '../format/encoding.ts';
import { commentsOf, entriesOf } from '../format/place.ts';
import { isEnvelopeOnly, isSealedToken } from '../format/signs.ts';
import type { DataKey } from '../keys/datakey.ts';
import { commentText, openComment } from '../open/comments.ts';
import { type Opened, openWith } from '../open/open.ts';
import { requireSame } from '../open/same.ts';
import type { Leaf, Sealed, SealedComment } from '../sops/sealed.ts';
import { keyOf, valueBytes } from '../sops/value.ts';
import { type Path, samePath } from '../tree/path.ts';
import type { Scalar } from '../tree/value.ts';
import { requireAccounted } from './accounted.ts';

/**
 * The texts that may be written to a disk, and the proofs that make them: no other module casts to these types (a test looks
 * for it). Whatever made a text, it is read back from nothing and compared before it gets its type.
 */

declare const sealedBrand: unique symbol;
declare const plainBrand: unique symbol;
declare const unknownBrand: unique symbol;
/** The text of an encrypted file, proved to open and to hold what was meant. */
export type SealedText = string & { readonly [sealedBrand]: true };
/** The bytes of such a text. */
export type SealedBytes = Uint8Array & { readonly [sealedBrand]: true };
/** The text of a file decrypted on purpose, proved to hold the same values: the only other text that may be written to a disk. */
export type PlainText = string & { readonly [plainBrand]: true };
/** The bytes of such a text, or of a binary file. */
export type PlainBytes = Uint8Array & { readonly [plainBrand]: true };
/** A text read from outside: a file, a backup, a text editor. Nothing is known of it, and it goes back only where it came from. */
export type UnknownText = string & { readonly [unknownBrand]: true };

/** Marks a text as read from outside. */
export function unknownText(text: string): UnknownText {
  return text as UnknownText;
}

/** The bytes of a proved text. */
export function sealedBytes(text: SealedText): SealedBytes {
  return bytesOfText(text) as Uint8Array as SealedBytes;
}

/** The bytes of a proved text. */
export function plainBytes(text: PlainText): PlainBytes {
  return bytesOfText(text) as Uint8Array as PlainBytes;
}

/** Throws EDIT_LOCKED unless the file's MAC holds: what somebody tampered with must not be signed anew. */
export function requireIntact(opened: Opened): void {
  if (!opened.verdict.ok) throw new LockstepError('EDIT_LOCKED', { verdict: opened.verdict.code });
}

/** The text of an opened file as it stands. Throws EDIT_LOCKED unless its MAC holds. */
export function intactText(opened: Opened): SealedText {
  requireIntact(opened);
  return opened.sealed.doc.text as SealedText;
}

/** What an encrypted text has to hold. */
interface Expected {
  /** In file order. */
  readonly leaves: readonly ExpectedLeaf[];
  /** In file order. */
  readonly comments: readonly ExpectedComment[];
}

export interface ExpectedLeaf extends Pick<Leaf, 'document' | 'path' | 'selected'> {
  readonly value: Scalar | undefined;
}

export interface ExpectedComment {
  /** What it says, in clear text. */
  readonly text: string;
  /** It may stand in clear text though it is in encrypted position: somebody put it there, as SOPS lets them. */
  readonly clear: boolean;
}

/**
 * The proof before every encrypted text that leaves core, whatever made it. The text is read back from nothing and decrypted
 * with the data key, under the limits of any file. Its MAC holds. It has these values and comments at these places and no
 * others, and every character is accounted for (`requireAccounted`). A mistake in a parser or writer becomes a refusal, never
 * a lost value, and never a value in plaintext.
 * @param sealed read from the text that is to leave. @param known an earlier version of the file, whose ciphertext is not
 *   decrypted again. Throws UNSUPPORTED_VALUE, TOO_LARGE, BAD_DATA_KEY when the key is disposed of.
 */
export async function prove(sealed: Sealed, key: DataKey, expected: Expected, known?: Opened): Promise<SealedText> {
  requireReadable(sealed.doc.text);
  key.requireAlive();
  const opened = await openWith(sealed, key, known);
  if (!opened.verdict.ok) {
    key.requireAlive();
    throw unlike(opened.verdict.failures[0]?.leaf?.path);
  }
  requireLeaves(opened, expected.leaves);
  await requireComments(sealed, key, expected.comments);
  requireAccounted(sealed);
  return sealed.doc.text as SealedText;
}

function unlike(path?: Path): LockstepError {
  return new LockstepError('UNSUPPORTED_VALUE', path ? { path, what: 'structure' } : { what: 'structure' });
}

function requireLeaves(opened: Opened, expected: readonly ExpectedLeaf[]): void {
  const { leaves } = opened.sealed;
  if (leaves.length !== expected.length) throw unlike();
  for (const [i, leaf] of leaves.entries()) {
    const wanted = expected[i] as ExpectedLeaf;
    const same =
      leaf.document === wanted.document &&
      leaf.selected === wanted.selected &&
      samePath(leaf.path, wanted.path) &&
      sameValue(opened.valueAt(i), wanted.value);
    if (!same) throw unlike(leaf.path);
  }
}

/** Most are texts, which need no other form to be compared. */
function sameValue(a: Scalar | undefined, b: Scalar | undefined): boolean {
  if (a?.type === 'str' && b?.type === 'str' && typeof a.value === 'string') return a.value === b.value;
  return keyOf(a) === keyOf(b);
}

async function requireComments(sealed: Sealed, key: DataKey, expected: readonly ExpectedComment[]): Promise<void> {
  const found = ownComments(sealed.comments);
  if (found.length !== expected.length) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'comments' });
  for (const [i, comment] of found.entries()) {
    const { text, clear } = expected[i] as ExpectedComment;
    const written = commentText(comment.node);
    const sealedText = isEnvelopeOnly(written.trim()) ? await openComment(key, comment.aad, written) : undefined;
    const mayStand = clear || !comment.selected || text === '';
    if (sealedText !== text && !(mayStand && written === text))
      throw new LockstepError('UNSUPPORTED_VALUE', { path: comment.path, what: 'comments' });
  }
}

/** Comments in the order in which they stand in the file, without those that an alias repeats. */
export function ownComments(comments: readonly SealedComment[]): SealedComment[] {
  return comments
    .filter(({ around }) => !around.alias)
    .sort((a, b) => a.node.span.start - b.node.span.start || a.node.span.end - b.node.span.end);
}

/**
 * The text after edits that only put one ciphertext in the place of another, in the same quotes and with nothing else, or one
 * time of signing in the place of another: then all that stands around them reads as before, and the whole need not be proved
 * again. Undefined where an edit does more than that.
 */
export function proveSwaps({ text, format }: SourceDocument, edits: readonly TextEdit[]): SealedText | undefined {
  if (!edits.every((edit) => isSwap(format, text.slice(edit.start, edit.end), edit.text))) return undefined;
  const after = applyEdits(text, edits);
  requireReadable(after);
  return after as SealedText;
}

function isSwap(format: FormatId, ...tokens: readonly [before: string, after: string]): boolean {
  const quotes = tokens.map((token) => /^("""|["'`]?)\S*\1$/.exec(token)?.[1]);
  if (quotes[0] === undefined || quotes[0] !== quotes[1]) return false;
  // An empty text is its own ciphertext; but in dotenv it takes no place without quotes.
  const holdsPlace = format === 'dotenv' || quotes[0] === '"';
  return (
    tokens.every((token) => timeOfSigning.test(token)) ||
    tokens.every((token) => isSealedToken(format, token) && (token.includes('ENC[') || holdsPlace))
  );
}

const timeOfSigning = /^(["'`]?)\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)\1$/;

/**
 * The text of a file of dotenvx after a change. Each of its lines is a comment, or an entry that was there with the same text behind its sign,
 * or one of those that the change made; those are encrypted, but for names by which dotenvx leaves them plain. Its public key is the same. Throws
 * UNSUPPORTED_VALUE (`structure`).
 * @param other what stands behind a sign in another version of the file, which was brought together with it
 */
export function proveDotenvx(
  before: string,
  after: string,
  made: ReadonlySet<string>,
  other: ReadonlySet<string> = new Set(),
): SealedText {
  requireReadable(after);
  const [old, now] = [entriesBehind(before), entriesBehind(after)];
  const known = new Set([...old.map(({ raw }) => raw), ...other]);
  const isSealed = (raw: string) => /^encrypted:[A-Za-z0-9+/]{130,}={0,2}$/.test(valueIn(raw));
  for (const { key, raw } of now)
    if (!known.has(raw) && !(made.has(raw) && (isSealed(raw) || isLeftPlain(key)))) throw unlike([key]);
  const own = (all: typeof old) => JSON.stringify(all.filter(({ key }) => isOwnName(key)));
  if (own(old) !== own(now)) throw unlike();
  return after as SealedText;
}

function entriesBehind(text: string): { readonly key: string; readonly raw: string }[] {
  const { doc } = linesOf(text);
  return doc.documents.flatMap((root) => entriesOf(root)).map((one) => ({ key: one.key, raw: rawOf(doc, one) }));
}

/**
 * The text of a file that got other keys in its metadata and nothing else. Its values need not be opened for that: they keep
 * their ciphertext, and the MAC its own. Throws UNSUPPORTED_VALUE (`structure`).
 */
export function proveKeys(before: Sealed, after: Sealed): SealedText {
  const leaves = (sealed: Sealed) =>
    JSON.stringify(sealed.leaves.map(({ id, node: { span } }) => [id, sealed.doc.text.slice(span.start, span.end)]));
  const comments = (sealed: Sealed) =>
    JSON.stringify(ownComments(sealed.comments).map(({ node }) => commentText(node)));
  const rest = ({ metadata }: Sealed) => JSON.stringify([metadata.mac, metadata.lastModified, metadata.version]);
  const same = leaves(before) === leaves(after) && comments(before) === comments(after) && rest(before) === rest(after);
  if (!same) throw unlike();
  requireReadable(after.doc.text);
  return after.doc.text as SealedText;
}

/**
 * The text of the plain file: it holds the values that the encrypted one was opened to, and the same comments in the same
 * order. Throws UNSUPPORTED_VALUE (`structure`, `comments`).
 * @param plain read from the text that is to leave.
 */
export function provePlain(opened: Opened, plain: SourceDocument, said: readonly Said[]): PlainText {
  requireSame(opened, plain);
  const found = commentsOf(plain).map(({ span, text }) => ({ at: span.start, text }));
  const shown = (all: readonly Said[]) => {
    const texts = all.toSorted((a, b) => a.at - b.at).map(({ text }) => text);
    // Those of INI may be joined to others, and lose the white space at their ends.
    return JSON.stringify(plain.format === 'ini' ? texts.join('\n').replace(/[#;\s\u0085]/g, '') : texts);
  };
  if (shown(found) !== shown(said)) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'comments' });
  return plain.text as PlainText;
}

/** A comment and where it stands. */
export interface Said {
  readonly at: number;
  readonly text: string;
}

/** The bytes of an opened binary file. Throws EDIT_LOCKED, and UNSUPPORTED_VALUE for a file that is none. */
export function binaryBytes(opened: Opened): PlainBytes {
  requireIntact(opened);
  const value = opened.sealed.format === 'binary' ? opened.valueAt(0) : undefined;
  if (value?.type !== 'str') throw new LockstepError('UNSUPPORTED_VALUE', { what: 'binary' });
  return valueBytes(value) as PlainBytes;
}
