import { binary, emptyEnvelope, withData } from '../format/binary.ts';
import { applyEdits } from '../format/document.ts';
import type { Opened } from '../open/open.ts';
import type { Clock } from '../ports.ts';
import { timestamp } from '../sops/mac.ts';
import { collect } from '../sops/sealed.ts';
import { defaultSelector } from '../sops/selection.ts';
import { sealFramed } from './framed.ts';
import { type SealedBytes, sealedBytes } from './prove.ts';
import { envelopeMetadata } from './seal.ts';

/**
 * Bytes as a binary file of their own, under the data key of an opened file: whoever can read the one can read the other, and
 * only they can have made it. Throws UNSUPPORTED_VALUE, BAD_DATA_KEY (disposed of).
 */
export async function sealBeside(opened: Opened, plain: Uint8Array, clock: Clock): Promise<SealedBytes> {
  const lastModified = timestamp(clock.now());
  const how = { selector: defaultSelector, macOnlyEncrypted: false, lastModified };
  const doc = withData(binary.parse(emptyEnvelope()), plain);
  const metadata = envelopeMetadata({ ...opened.sealed.metadata, ...how, mac: 'none yet' });
  const framed = withData(binary.parse(applyEdits(doc.text, binary.addMetadata(doc, metadata))), plain);
  const { text } = await sealFramed(collect(doc, defaultSelector), collect(framed, defaultSelector), {
    ...how,
    key: opened.dataKey,
  });
  return sealedBytes(text);
}
