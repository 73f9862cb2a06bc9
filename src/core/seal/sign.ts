import { LockstepError } from '../errors.ts';
import type { SourceDocument, TextEdit } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import type { DataKey } from '../keys/datakey.ts';
import type { Clock } from '../ports.ts';
import { macAad, timestamp } from '../sops/mac.ts';
import { field, leaf as leafAt } from '../sops/metadata.ts';
import type { Sealed } from '../sops/sealed.ts';
import { text } from '../tree/value.ts';
import type { SealedText } from './prove.ts';

/** A change of an encrypted file: edits of its text, ciphertext only, and the whole text after them. */
export interface Change {
  readonly edits: readonly TextEdit[];
  readonly text: SealedText;
  /** One ciphertext took the place of another, and nothing else changed but `mac` and `lastmodified`. */
  readonly swapped?: true;
  /** What the text reads as, where it was read back for the proof: whoever looks at it next need not do so again. */
  readonly read?: Sealed;
}

/** The edits, and those that put the new `lastmodified` and `mac` into every document's copy of the metadata. */
export async function signed(
  { sealed, dataKey }: { readonly sealed: Pick<Sealed, 'doc'>; readonly dataKey: DataKey },
  edits: readonly TextEdit[],
  digest: string,
  clock: Clock,
): Promise<TextEdit[]> {
  return [...edits, ...(await macEdits(sealed.doc, digest, timestamp(clock.now()), dataKey))];
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
