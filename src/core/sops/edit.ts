import { textEdits } from '../diff/lines.ts';
import { LockstepError } from '../errors.ts';
import type { SourceDocument } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import type { Clock } from '../ports.ts';
import { keep } from './kept.ts';
import { timestamp } from './mac.ts';
import type { Opened } from './open.ts';
import { reframe, sameMetadata, type Unsealed } from './reframe.ts';
import { type Collected, collect, type Sealed } from './sealed.ts';
import { type HowToSeal, type Kept, sealFramed } from './sealing.ts';
import type { Change, PlainText, SealedText } from './sign.ts';
import { unseal } from './unseal.ts';

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
  return editUnsealed(opened, await unseal(opened), plain, clock, options);
}

/** As `editText`, for a caller that has unsealed the file already. */
export async function editUnsealed(
  opened: Opened,
  old: Unsealed,
  plain: string,
  clock: Clock,
  options: EditOptions,
): Promise<Change> {
  const { sealed } = opened;
  if (plain === old.text) return { edits: [], text: sealed.doc.text as SealedText };
  const fresh = collect(parsePlain(opened, plain), sealed.metadata.selector);
  const framed = reframe(sealed, old, fresh);
  const kept = await keep(opened, framed, options.allowPlain ?? false);
  const { selector, macOnlyEncrypted } = sealed.metadata;
  const lastModified = timestamp(clock.now());
  const how: HowToSeal = { key: opened.dataKey, selector, macOnlyEncrypted, lastModified };
  const after = await sealKept(fresh, framed, how, kept);
  if (!sameMetadata(sealed.doc, after.doc)) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'metadata' });
  return { edits: textEdits(sealed.doc.text, after.doc.text), text: after.doc.text as SealedText };
}

function parsePlain({ sealed }: Opened, plain: string): SourceDocument {
  try {
    const doc = getFormat(sealed.format).parse(plain);
    if (doc.metadata.every((block) => block === undefined)) return doc;
  } catch (error) {
    // A `sops` key that is no metadata.
    if (!(error instanceof LockstepError && error.code === 'BAD_METADATA')) throw error;
  }
  throw new LockstepError('ALREADY_ENCRYPTED');
}

/** A comment that was an item of a list is one again, unless the edit left it at a place where it cannot be. */
async function sealKept(plain: Collected, framed: Collected, how: HowToSeal, kept: Kept): Promise<Sealed> {
  const comments = new Map([...kept.comments].filter(([, { item }]) => item === undefined));
  if (comments.size === kept.comments.size) return sealFramed(plain, framed, { ...how, kept });
  try {
    return await sealFramed(plain, framed, { ...how, kept });
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return sealFramed(plain, framed, { ...how, kept: { ...kept, comments } });
  }
}
