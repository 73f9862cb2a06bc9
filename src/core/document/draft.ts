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

/**
 * The texts of the Text view that did not parse, one after the other: undo goes back through them to the file as it is,
 * redo comes back. VS Code's own history holds changes of the file only.
 */
export interface Drafts {
  /** Undefined while there is none. */
  readonly now: KeptDraft | undefined;
  readonly past: readonly (KeptDraft | undefined)[];
  readonly future: readonly KeptDraft[];
  /** The document's text when `now` was set: over another one there is no way back or forth. */
  readonly over: string | undefined;
}

export const noDrafts: Drafts = { now: undefined, past: [], future: [], over: undefined };

/** A draft that has nothing before it: out of a backup, or under another data key. */
export const loneDraft = (now: KeptDraft | undefined): Drafts => ({ ...noDrafts, now });

/** One more draft, over the document's text. */
export function keepDraft({ now, past, over }: Drafts, draft: KeptDraft, text: string): Drafts {
  return { now: draft, past: [...(over === text ? past : []), now], future: [], over: text };
}

/** The draft before; undefined when there is no draft. */
export function undoDraft({ now, past, future, over }: Drafts, text: string): Drafts | undefined {
  if (now === undefined) return undefined;
  if (over !== text) return { now: undefined, past: [], future: [now], over: text };
  return { now: past.at(-1), past: past.slice(0, -1), future: [...future, now], over: text };
}

/** The draft that was undone last; undefined when there is none. */
export function redoDraft({ now, past, future, over }: Drafts, text: string): Drafts | undefined {
  const next = over === text ? future.at(-1) : undefined;
  return next && { now: next, past: [...past, now], future: future.slice(0, -1), over: text };
}
