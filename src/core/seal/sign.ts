import { LockstepError } from '../errors.ts';
import { applyEdits, type SourceDocument, type TextEdit } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import type { DataKey } from '../keys/datakey.ts';
import type { Opened } from '../open/open.ts';
import type { Clock } from '../ports.ts';
import { macAad, timestamp } from '../sops/mac.ts';
import { field, leaf as leafAt } from '../sops/metadata.ts';
import type { Sealed } from '../sops/sealed.ts';
import { text } from '../tree/value.ts';

declare const sealedBrand: unique symbol;
declare const plainBrand: unique symbol;
/** The text of an encrypted file. Only this module and seal.ts make one, after checking that it opens. */
export type SealedText = string & { readonly [sealedBrand]: true };
/** The text of a file decrypted on purpose: the only other text that may be written to a disk. */
export type PlainText = string & { readonly [plainBrand]: true };
/** The bytes of such a file. */
export type PlainBytes = Uint8Array & { readonly [plainBrand]: true };
/** The bytes of an encrypted file. */
export type SealedBytes = Uint8Array & { readonly [sealedBrand]: true };

/** A change of an encrypted file: edits of its text, ciphertext only, and the whole text after them. */
export interface Change {
  readonly edits: readonly TextEdit[];
  readonly text: SealedText;
}

/** Throws EDIT_LOCKED unless the file's MAC holds: what somebody tampered with must not be signed anew. */
export function requireIntact(opened: Opened): void {
  if (!opened.verdict.ok) throw new LockstepError('EDIT_LOCKED', { verdict: opened.verdict.code });
}

/** The edits, with the new `lastmodified` and `mac` in every document's copy of the metadata. */
export async function signed(
  { sealed, dataKey }: { readonly sealed: Pick<Sealed, 'doc'>; readonly dataKey: DataKey },
  edits: readonly TextEdit[],
  digest: string,
  clock: Clock,
): Promise<Change> {
  const { doc } = sealed;
  const all = [...edits, ...(await macEdits(doc, digest, timestamp(clock.now()), dataKey))];
  return { edits: all, text: applyEdits(doc.text, all) as SealedText };
}

/** The edits that put a new `lastmodified` and the MAC sealed with it into every copy of the metadata. */
export async function macEdits(
  doc: SourceDocument,
  digest: string,
  lastModified: string,
  key: DataKey,
): Promise<TextEdit[]> {
  const mac = await key.seal({ type: 'str', value: digest }, macAad(lastModified));
  const edits: TextEdit[] = [];
  for (const block of doc.metadata) {
    if (!block) continue;
    for (const [name, value] of [
      ['lastmodified', lastModified],
      ['mac', mac],
    ] as const) {
      const node = leafAt(field(block.root, name));
      if (!node) throw new LockstepError('BAD_METADATA', { field: name });
      edits.push(...getFormat(doc.format).writeScalar(doc, node, text(value)));
    }
  }
  return edits;
}
