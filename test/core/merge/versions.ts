import type { FormatId } from '../../../src/core/format/document.ts';
import { rotate } from '../../../src/core/keys/rotate.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { editText } from '../changes.ts';
import { alice, clock, later, reopen } from '../support.ts';

export async function sealed(source: string, format: FormatId): Promise<Opened> {
  return reopen((await seal(source, format, { recipients: [alice.recipient] }, clock)).text, format);
}

/** Three versions of one file: theirs with a data key of its own. */
export async function versions(base: string, mine: string, theirs: string, format: FormatId = 'yaml') {
  const opened = await sealed(base, format);
  const edit = async (from: Opened, text: string) => reopen((await editText(from, text, later)).text, format);
  const rotated = await reopen((await rotate(opened, later)).text, format);
  return { base: opened, mine: await edit(opened, mine), theirs: await edit(rotated, theirs) };
}
