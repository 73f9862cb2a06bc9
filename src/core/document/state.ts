import type { LockstepError } from '../errors.ts';
import type { TextEdit } from '../format/document.ts';
import type { Opened } from '../open/open.ts';
import { type SealedText, type UnknownText, unknownText } from '../seal/prove.ts';
import type { Change } from '../seal/sign.ts';
import { type Belief, believesDirty, newBelief } from './belief.ts';
import { type Drafts, type KeptDraft, noDrafts } from './draft.ts';
import { type DocumentText, type Kept, type KnownFile, type OnDisk, unknownFile } from './file.ts';
import type { Step } from './steps.ts';

/** Everything that is known of a document in the Secrets Editor. Ciphertext only. */
export interface State {
  readonly text: DocumentText;
  readonly file: KnownFile;
  /** A text of the Text view that does not parse, and those before and after it. */
  readonly drafts: Drafts;
  /**
   * What the text editor of the same file held when both were the same, and what `file.base` was: they are in step since,
   * and its undo history has what changes. Undefined while they are not.
   */
  readonly met: { readonly text: string; readonly base: OnDisk | undefined } | undefined;
  /** The text editor had edits before both met: from which version of the file they started, VS Code alone knows. */
  readonly borrowed: boolean;
  /** The text editor started from an older version of the file than this document. */
  readonly ahead: boolean;
  /** A text from a backup that has not been decrypted, so it may be damaged. `any`: no later text has been decrypted either. */
  readonly doubt: { readonly text: DocumentText; readonly any: boolean } | undefined;
  /** Save As put this text elsewhere: VS Code takes it for saved. */
  readonly copied: boolean;
  readonly belief: Belief;
  /** Something changed that VS Code does not know of: its backup would be of an older text. */
  readonly untold: boolean;
  /** VS Code is saving only to learn that nothing is unsaved. */
  readonly cleaning: boolean;
  readonly closed: boolean;
}

export const newState: State = {
  text: unknownText(''),
  file: unknownFile,
  drafts: noDrafts,
  met: undefined,
  borrowed: false,
  ahead: false,
  doubt: undefined,
  copied: false,
  belief: newBelief(false),
  untold: false,
  cleaning: false,
  closed: false,
};

/** Somebody changed something since the file was read or saved. */
export function hasEdits({ drafts, text, file }: State): boolean {
  return drafts.now !== undefined || text !== (file.base?.text ?? '');
}

/** Something is not saved: of a file that another program emptied, what is open, too. */
export const isDirty = (state: State): boolean => hasEdits(state) || state.file.gone === 'emptied';

/** The text comes from a backup and may be damaged: it was not seen to open since. */
export function isDoubtful({ doubt, text }: State): boolean {
  return doubt !== undefined && (doubt.any || doubt.text === text);
}

/** VS Code takes the document for an unsaved one, and nothing is left to save. */
export function isStale(state: State): boolean {
  const conflict = state.file.theirs !== undefined;
  return believesDirty(state.belief) && !isDirty(state) && !conflict && !state.closed;
}

export function keptOf({ text, file: { base }, drafts: { now } }: State): Kept {
  return { text, base: base?.hash ?? '', baseText: base?.text ?? unknownText(''), ...(now && { draft: now }) };
}

/** The text editor of the same file, while it is shown. */
export interface TextEditor {
  readonly text: UnknownText;
  readonly dirty: boolean;
}

/** What happens to a document. Work and changes are opaque to the model: it hands them on when it is their turn. */
export type Event =
  | { readonly type: 'opened'; readonly kept: Kept | undefined; readonly restored: boolean }
  | { readonly type: 'work'; readonly work: () => Promise<unknown> }
  | { readonly type: 'change'; readonly label: string; readonly make: (opened: Opened) => Promise<Change> }
  | {
      readonly type: 'resolve';
      readonly label: string;
      readonly mine: string;
      readonly theirs: string;
      readonly text: SealedText;
    }
  | { readonly type: 'draft'; readonly to: KeptDraft | 'none' | 'undo' | 'redo' }
  | { readonly type: 'save' | 'revert' }
  | { readonly type: 'saveAs'; readonly to: string }
  /** VS Code undoes a step, or does it again. `beside`: the text editor when it began. */
  | {
      readonly type: 'travel';
      readonly step: Step;
      readonly forth: boolean;
      readonly beside: TextEditor | undefined;
    }
  /** The disk may hold another version; the keys or rules may be other ones. */
  | { readonly type: 'disk' | 'keys' }
  /** The text editor may show another text; it was saved; it was closed. */
  | { readonly type: 'text' | 'textSaved' | 'textClosed' }
  /** Edits have come to rest, or `textSaved` is over: time to say that nothing is unsaved. */
  | { readonly type: 'calm'; readonly textSaved: boolean }
  | { readonly type: 'cleaning'; readonly on: boolean }
  | { readonly type: 'closed' };

/** What the model asks of the outside, one thing at a time; each comes back with its answer, or with an error. */
export type Ask =
  | { readonly do: 'readDisk' }
  /** Writes over the version with this hash, or throws CHANGED_ON_DISK or GONE. */
  | { readonly do: 'writeDisk'; readonly text: DocumentText; readonly mark: boolean; readonly over: string }
  | { readonly do: 'writeCopy'; readonly to: string; readonly text: DocumentText; readonly mark: boolean }
  | { readonly do: 'textEditor' }
  /** Edits the text editor, if it is shown and holds `over`. */
  | { readonly do: 'writeText'; readonly over: string; readonly edits: readonly TextEdit[] }
  | { readonly do: 'saveText' }
  /** Looks at the text anew, or at why there is none; a draft goes over to the data key that the text has now. */
  | { readonly do: 'look' }
  | { readonly do: 'make'; readonly make: (opened: Opened) => Promise<Change> }
  | { readonly do: 'work'; readonly work: () => Promise<unknown> }
  | { readonly do: 'requireTrust' }
  | { readonly do: 'requireOpen' }
  /** VS Code has to take in the answer that it got before anything more is reported: go on in a later turn. */
  | { readonly do: 'turn' };

/** What comes back. */
export interface Answers {
  readonly readDisk: OnDisk | LockstepError;
  readonly writeDisk: OnDisk;
  readonly writeCopy: unknown;
  readonly textEditor: TextEditor | undefined;
  /** The text editor's text then; undefined when VS Code refused, because somebody typed meanwhile. */
  readonly writeText: UnknownText | undefined;
  readonly saveText: boolean;
  readonly look: {
    readonly open: boolean;
    readonly carried: { readonly from: KeptDraft; readonly to: KeptDraft } | undefined;
  };
  readonly make: Change;
  readonly work: unknown;
  readonly requireTrust: unknown;
  readonly requireOpen: unknown;
  readonly turn: unknown;
}

/** What the model lets the outside know, without waiting. */
export type Note =
  /** Of the event with this ticket. */
  | { readonly do: 'answer'; readonly ticket: number; readonly value: unknown }
  | { readonly do: 'refuse'; readonly ticket: number; readonly error: unknown }
  /** VS Code learns of a step that it can undo; without one, of a change. `label`: undefined for edits in the text editor. */
  | { readonly do: 'tellEdit'; readonly label: string | undefined; readonly step: Step }
  | { readonly do: 'tellChange' }
  /** Send `calm` after a moment without another one of these, or after a moment in any case when the text editor was saved. */
  | { readonly do: 'wait'; readonly textSaved: boolean }
  /** Have VS Code save, which writes nothing. */
  | { readonly do: 'clean'; readonly textSaved: boolean }
  /** Something that is shown changed. */
  | { readonly do: 'changed' };

export interface Effects {
  /** In order, and before `ask`. */
  readonly notes: readonly Note[];
  readonly ask: Ask | undefined;
}
