import type { KeptDraft } from './draft.ts';

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
