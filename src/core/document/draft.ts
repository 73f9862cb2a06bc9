import { LockstepError } from '../errors.ts';
import type { DataKey } from '../keys/datakey.ts';

/** No key path ends without a colon, so no value of a file is sealed like this. */
const aad = 'lockstep draft';

/** A text of the Text view that does not parse, as ciphertext under the file's data key. */
export interface KeptDraft {
  readonly sealed: string;
  /** The line where it does not, from 1. */
  readonly line: number | undefined;
}

export async function sealDraft(key: DataKey, text: string, line: number | undefined): Promise<KeptDraft> {
  return { sealed: await key.seal({ type: 'str', value: text }, aad), line };
}

/** Throws VALUE_DAMAGED when it is of another data key. */
export async function openDraft(key: DataKey, { sealed }: KeptDraft): Promise<string> {
  if (sealed === '') return '';
  const { value } = await key.open(sealed, aad);
  if (typeof value !== 'string') throw new LockstepError('VALUE_DAMAGED');
  return value;
}

/** The draft under a new data key; as it is where it cannot be opened. */
export async function carryDraft(draft: KeptDraft, from: DataKey, to: DataKey): Promise<KeptDraft> {
  if (from.equals(to)) return draft;
  const text = await openDraft(from, draft).catch(() => undefined);
  return text === undefined ? draft : sealDraft(to, text, draft.line);
}
