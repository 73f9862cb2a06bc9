import { LockstepError } from '../../core/errors.ts';
import { applyEdits, type TextEdit } from '../../core/format/document.ts';
import { bytesOfText, textOfFile } from '../../core/format/encoding.ts';
import { getFormat } from '../../core/format/which.ts';
import type { Opened } from '../../core/open/open.ts';
import { unseal } from '../../core/open/unseal.ts';
import { sameMetadata } from '../../core/seal/reframe.ts';

/** The plaintext with the metadata where it stands (`edit --show-master-keys`). Throws what `unseal` throws. */
export async function withMetadata(opened: Opened): Promise<Uint8Array> {
  const { doc, format } = opened.sealed;
  const taken = getFormat(format).removeMetadata(doc);
  const isTaken = (edit: TextEdit) => taken.some(({ start, end }) => start === edit.start && end === edit.end);
  const { edits } = await unseal(opened);
  return bytesOfText(
    applyEdits(
      doc.text,
      edits.filter((edit) => !isTaken(edit)),
    ),
  );
}

/** Such a text after it was edited, without the metadata. Throws what `parse` throws, BAD_METADATA when that was changed. */
export function withoutMetadata(opened: Opened, edited: Uint8Array): Uint8Array {
  const { doc, format } = opened.sealed;
  const now = getFormat(format).parse(textOfFile(edited, format));
  if (!sameMetadata(doc, now)) throw new LockstepError('BAD_METADATA', { what: 'changed' });
  return bytesOfText(applyEdits(now.text, getFormat(format).removeMetadata(now)));
}
