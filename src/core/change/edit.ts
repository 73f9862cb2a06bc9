import { tryUtf8 } from '../bytes.ts';
import { textEdits } from '../diff/lines.ts';
import { requireOneLineEach } from '../env/lines.ts';
import { LockstepError } from '../errors.ts';
import { applyEdits, type SourceDocument, type TextEdit } from '../format/document.ts';
import { byteOrderMark, textOfBytes, textOfFile } from '../format/encoding.ts';
import { eolOf } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import { keep } from '../open/kept.ts';
import type { Opened } from '../open/open.ts';
import { type Unsealed, unseal } from '../open/unseal.ts';
import type { Clock } from '../ports.ts';
import { type HowToSeal, type Kept, sealFramed } from '../seal/framed.ts';
import { intactText, type PlainText } from '../seal/prove.ts';
import { reframe, sameMetadata } from '../seal/reframe.ts';
import type { Change } from '../seal/sign.ts';
import { timestamp } from '../sops/mac.ts';
import { requireNoHiddenMark } from '../sops/mark.ts';
import { type Collected, collect, type Sealed } from '../sops/sealed.ts';
import { setValue } from './change.ts';

export interface EditOptions {
  /** Let entries that were encrypted stand in clear text where the file's selector has it so. */
  readonly allowPlain?: boolean;
}

/** The whole plain text of an opened file: what `editText` takes back. Throws EDIT_LOCKED, BAD_VALUE, UNSUPPORTED_VALUE. */
export async function plainTextOf(opened: Opened): Promise<PlainText> {
  return (await unseal(opened)).text;
}

/**
 * The change that makes a file say what its edited plain text says (`sops edit`, cmd/sops/edit.go). What did not change
 * keeps its ciphertext, comments and spelling byte for byte; the metadata stays but for `mac` and `lastmodified`; a text
 * that did not change gives no edits.
 * @param plain the whole text, made from `plainTextOf` of the same `opened`.
 * Throws what `parse` throws; EDIT_LOCKED; ALREADY_ENCRYPTED (`sops` at the top level); NOT_SELECTED, with the path of an
 * entry that would lose its encryption; UNSUPPORTED_VALUE, BAD_DATA_KEY (disposed of meanwhile).
 */
export async function editText(
  opened: Opened,
  plain: string,
  clock: Clock,
  options: EditOptions = {},
): Promise<Change> {
  const old = await unseal(opened);
  if (plain === old.text) return { edits: [], text: intactText(opened) };
  if (opened.sealed.format === 'dotenv') requireOneLineEach(plain, old.text);
  return editUnsealed(
    opened,
    old,
    parsePlain(opened.sealed.doc, withLineEnds(opened.sealed, plain, old)),
    clock,
    options,
  );
}

/**
 * An editor may have made CRLF of every line end. sops would take each CR of a dotenv file for a part of the value; it stays
 * where it was one.
 */
function withLineEnds({ format, doc }: Sealed, plain: string, old: Unsealed): string {
  const crept = format === 'dotenv' && doc.eol === '\n' && eolOf(plain) === '\r\n' && eolOf(old.text) !== '\r\n';
  return crept ? plain.replaceAll('\r\n', '\n') : plain;
}

/**
 * As `editText`, for the bytes of a file of any format: those of a binary one are its only value. Throws NOT_UTF8 as well.
 */
export async function editBytes(
  opened: Opened,
  plain: Uint8Array,
  clock: Clock,
  options: EditOptions = {},
): Promise<Change> {
  const { format, leaves, doc } = opened.sealed;
  // With a mark in its first name, the clear text has it as well: taking it off is an edit.
  const marked = format === 'dotenv' && doc.text.startsWith(byteOrderMark);
  if (format !== 'binary') {
    return editText(opened, marked ? textOfBytes(plain) : textOfFile(plain, format), clock, options);
  }
  return setValue(opened, leaves[0]?.id ?? '', { type: 'str', value: tryUtf8(plain) ?? plain }, clock);
}

/**
 * As `editText`, with edits of the plain text that are made from its document. They never leave this call. Throws what
 * `change` throws as well.
 */
export async function editPlain(
  opened: Opened,
  change: (doc: SourceDocument) => readonly TextEdit[],
  clock: Clock,
  options: EditOptions = {},
): Promise<Change> {
  const old = await unseal(opened);
  const text = applyEdits(old.text, change(old.plain.doc));
  return editUnsealed(opened, old, parsePlain(opened.sealed.doc, text), clock, options);
}

/** As `editText`, for a caller that has unsealed the file and parsed the new text. */
export async function editUnsealed(
  opened: Opened,
  old: Unsealed,
  doc: SourceDocument,
  clock: Clock,
  options: EditOptions,
): Promise<Change> {
  const { sealed } = opened;
  if (doc.text === old.text) return { edits: [], text: intactText(opened) };
  requireNoHiddenMark(sealed);
  const fresh = collect(doc, sealed.metadata.selector);
  const framed = reframe(sealed, old, fresh);
  const kept = await keep(opened, framed, options.allowPlain ?? false);
  const { selector, macOnlyEncrypted } = sealed.metadata;
  const lastModified = timestamp(clock.now());
  const how: HowToSeal = { key: opened.dataKey, selector, macOnlyEncrypted, lastModified, known: opened };
  const after = await sealKept(fresh, framed, how, kept);
  if (!sameMetadata(sealed.doc, after.sealed.doc)) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'metadata' });
  return { edits: textEdits(sealed.doc.text, after.text), text: after.text };
}

/**
 * A plain text, which must have no metadata. @param like another version of it, encrypted or not. Throws what `parse` throws,
 * and ALREADY_ENCRYPTED.
 */
export function parsePlain({ format, eol }: SourceDocument, plain: string): SourceDocument {
  try {
    const doc = getFormat(format).parse(plain, eol);
    if (doc.metadata.every((block) => block === undefined)) return doc;
  } catch (error) {
    // A `sops` key that is no metadata.
    if (!(error instanceof LockstepError && error.code === 'BAD_METADATA')) throw error;
  }
  throw new LockstepError('ALREADY_ENCRYPTED');
}

/** A comment that was an item of a list is one again, unless the edit left it at a place where it cannot be. */
async function sealKept(
  plain: Collected,
  framed: Collected,
  how: HowToSeal,
  kept: Kept,
): ReturnType<typeof sealFramed> {
  const comments = new Map([...kept.comments].filter(([, { item }]) => item === undefined));
  if (comments.size === kept.comments.size) return sealFramed(plain, framed, { ...how, kept });
  try {
    return await sealFramed(plain, framed, { ...how, kept });
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return sealFramed(plain, framed, { ...how, kept: { ...kept, comments } });
  }
}
