import { textEdits } from '../diff/lines.ts';
import { LockstepError } from '../errors.ts';
import type { SourceDocument } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import { keep, keepAlso } from '../open/kept.ts';
import type { Opened } from '../open/open.ts';
import type { Unsealed } from '../open/unseal.ts';
import type { Clock } from '../ports.ts';
import { type HowToSeal, type Kept, sealAtOnce, sealFramed } from '../seal/framed.ts';
import { intactText } from '../seal/prove.ts';
import { metadataEdits, reframe, sameMetadata } from '../seal/reframe.ts';
import { type Change, macEdits } from '../seal/sign.ts';
import { timestamp } from '../sops/mac.ts';
import { requireNoHiddenMark } from '../sops/mark.ts';
import type { Collected } from '../sops/sealed.ts';
import type { ChangeOptions } from './intent.ts';

/**
 * The change that makes an encrypted file say what its changed plain text says. What did not change keeps its ciphertext,
 * comments and spelling byte for byte; the metadata stays but for `mac` and `lastmodified`. Throws NOT_SELECTED, with the path
 * of an entry that would lose its encryption; UNSUPPORTED_VALUE, BAD_DATA_KEY (disposed of meanwhile).
 * @param old the plain text as it was. @param other a version with the same data key, whose ciphertext comes along.
 */
export async function reseal(
  opened: Opened,
  old: Unsealed,
  fresh: Collected,
  clock: Clock,
  { allowPlain = false }: ChangeOptions,
  other?: Opened,
): Promise<Change> {
  const { sealed } = opened;
  if (fresh.doc.text === old.text) return { edits: [], text: intactText(opened) };
  requireNoHiddenMark(sealed);
  const { selector, macOnlyEncrypted } = sealed.metadata;
  const lastModified = timestamp(clock.now());
  const how: HowToSeal = { key: opened.dataKey, selector, macOnlyEncrypted, lastModified, known: opened };
  const kept = async (now: Collected): Promise<Kept> => {
    const own = await keep(opened, now, allowPlain);
    return other ? keepAlso(own, other, now) : own;
  };
  let after = await inPlace(opened, old, fresh, how, await kept(fresh));
  if (!after) {
    const framed = reframe(sealed, old, fresh);
    after = await sealKept(fresh, framed, how, await kept(framed));
    if (!sameMetadata(sealed.doc, after.sealed.doc)) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'metadata' });
  }
  return { edits: textEdits(sealed.doc.text, after.text), text: after.text };
}

/** The fast way: the metadata goes back to its place. Undefined where that does not do. */
async function inPlace(
  opened: Opened,
  old: Unsealed,
  fresh: Collected,
  how: HowToSeal,
  kept: Kept,
): ReturnType<typeof sealAtOnce> {
  const { doc } = opened.sealed;
  const sign = async (digest: string) => {
    const edits = metadataEdits(doc, fresh.doc, old, await macEdits(doc, digest, how.lastModified, how.key));
    if (!edits) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
    return edits;
  };
  const after = await sealAtOnce(fresh, { ...how, sign, kept });
  return after && sameMetadata(doc, after.sealed.doc) ? after : undefined;
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
