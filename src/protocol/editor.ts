/**
 * What the Secrets Editor's page and the extension host say to each other. The host owns the document, undo and every
 * value; the page is given names, kinds and positions, and one value at a time: the one that a person reveals or edits.
 * Every message is checked when it arrives (`check.ts`), and every request is answered.
 */

/** Names a row within one revision: a leaf's id, or `JSON.stringify([document, ...path])` of a group. Holds no value. */
export type RowId = string;

export type ValueType = 'str' | 'int' | 'float' | 'bool' | 'time' | 'null';

/** How many lines a value has, told in steps only. */
export type Lines = '1' | '2-10' | '10+';

/** One line of the table. A nested file is a tree in file order: a group's rows follow it, one deeper. */
export interface Row {
  readonly id: RowId;
  /** `entry`: a value. `group`: a map or a list with rows below it. `comment`: a comment line of its own. */
  readonly kind: 'entry' | 'group' | 'comment';
  /** 0 at the top level. */
  readonly depth: number;
  /** The key; `[2]` for the third item of a list; empty for a comment. Control and bidi characters are shown as escapes by the page. */
  readonly name: string;
  /** Number of rows right below a group; 0 otherwise. */
  readonly children: number;
  /** A list rather than a map, for a group; an item of a list, for an entry. */
  readonly list: boolean;
  readonly type: ValueType;
  /** Encrypted in the file: shown as a mask. */
  readonly secret: boolean;
  /** The value, only where it stands in clear text in the file anyway. */
  readonly plain?: string;
  readonly empty: boolean;
  /** Bytes that are no text: can be copied as base64, not edited here. */
  readonly binary: boolean;
  readonly lines: Lines;
  /** A comment belongs to this entry (lines above, or at its end); its text is asked for like a value when `secretComment`. */
  readonly comment?: string;
  readonly secretComment: boolean;
  /** `unsaved`, or when it was last changed in git (`12 days ago`); undefined when not known. */
  readonly changed?: string;
  /** Its value does not open, or does not match its seal. */
  readonly damaged: boolean;
  /** The name holds characters that look like others, or that do not show: told apart by a badge. */
  readonly odd: boolean;
  /** Under an alias, or otherwise not to be changed here: why. */
  readonly fixed?: string;
}

/** What the file is now. Everything but `open` shows a sentence and buttons instead of the table. */
export interface Notice {
  readonly kind: 'locked' | 'unreadable' | 'damaged' | 'broken' | 'plain' | 'gone' | 'unsupported' | 'readers';
  readonly text: string;
  readonly actions: readonly NoticeAction[];
}

export type NoticeAction = 'unlock' | 'encrypt' | 'importKey' | 'openAsText' | 'reload' | 'setUp';

export interface Features {
  readonly groups: boolean;
  readonly comments: boolean;
  readonly lists: boolean;
  readonly types: readonly ValueType[];
  /** A row can be marked as not encrypted (the selector goes by name or comment). */
  readonly markPlain: boolean;
  readonly textView: boolean;
}

export interface State {
  readonly type: 'state';
  readonly revision: number;
  readonly fileName: string;
  readonly format: 'yaml' | 'json' | 'dotenv' | 'ini' | 'binary';
  readonly notice?: Notice;
  /** No change is possible (damaged, restricted mode); reading is. */
  readonly readOnly: boolean;
  readonly presenting: boolean;
  /** People who can read the file; 0 when not known. */
  readonly readers: number;
  readonly revealSeconds: number;
  readonly features: Features;
  /** All rows; later changes come as `rows`. */
  readonly rows: readonly Row[];
  /** The file changed on disk under unsaved edits. */
  readonly conflict: boolean;
}

/** Rows from `at` on: `remove` of them go, `rows` come. `revision` is the one after. */
export interface RowsChanged {
  readonly type: 'rows';
  readonly revision: number;
  readonly at: number;
  readonly remove: number;
  readonly rows: readonly Row[];
}

/** Forget every value now: lock, presentation mode, window without focus. */
export interface Forget {
  readonly type: 'forget';
}

/** Bring a row into view and focus it, e.g. after *Open Secrets Editor* from a lens. */
export interface Focus {
  readonly type: 'focus';
  readonly row: RowId;
}

export type Answer =
  | { readonly type: 'answer'; readonly request: number; readonly ok: true; readonly result: unknown }
  | { readonly type: 'answer'; readonly request: number; readonly ok: false; readonly error: Problem };

/** A refusal in words for people; never a value. `offset`: where in the Text view. */
export interface Problem {
  readonly code: string;
  readonly text: string;
  readonly line?: number;
  readonly column?: number;
}

export type ToPage = State | RowsChanged | Forget | Focus | Answer;

export type GenerateOptions =
  | { readonly kind: 'characters'; readonly length: number; readonly alphabets: readonly Alphabet[] }
  | { readonly kind: 'key'; readonly bits: 128 | 256 }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'words'; readonly count: number; readonly separator: string };

export type Alphabet = 'lower' | 'upper' | 'digits' | 'symbols';

/** Where a new or moved row goes: into `group` (undefined: top level), before `before` (undefined: at its end). */
export interface Place {
  readonly group?: RowId;
  readonly before?: RowId;
}

/**
 * What the page may ask. Rows are named as of `revision`; a request of an older revision whose row is gone is refused.
 * While presenting every answer that would hold a value is refused, or let one be guessed.
 * `result` of each is in `Results`.
 */
export interface Requests {
  readonly ready: Record<never, never>;
  /** The value, to be shown for `revealSeconds`. */
  readonly reveal: { readonly row: RowId };
  /** To the clipboard, by the host; cleared after a while if it is still there. */
  readonly copy: { readonly row: RowId };
  /** The value to be edited; the page forgets it when the field closes. */
  readonly edit: { readonly row: RowId };
  /** The edited value as text in the form of `type`. */
  readonly set: { readonly row: RowId; readonly text: string; readonly as: ValueType };
  /** A value for the field that is open, with its strength in bits. */
  readonly generate: { readonly options: GenerateOptions };
  readonly add: { readonly place: Place; readonly name: string; readonly text: string; readonly as: ValueType };
  readonly addGroup: { readonly place: Place; readonly name: string; readonly list: boolean };
  /** A whole `.env` (or `KEY=value` lines): names that exist are listed, not changed, unless `replace`. */
  readonly paste: { readonly text: string; readonly replace: boolean };
  readonly rename: { readonly row: RowId; readonly name: string };
  readonly remove: { readonly rows: readonly RowId[] };
  readonly duplicate: { readonly row: RowId; readonly name: string };
  readonly move: { readonly row: RowId; readonly place: Place };
  /** The comment of a row, to be edited. */
  readonly comment: { readonly row: RowId };
  /** Lines without their comment sign; empty removes the comment. */
  readonly setComment: { readonly row: RowId; readonly text: string };
  readonly markPlain: { readonly row: RowId; readonly on: boolean };
  /** Names that match are found by the page itself; rows whose value holds `text`, by the host. */
  readonly findValues: { readonly text: string; readonly matchCase: boolean };
  /** One of the notice's buttons. */
  readonly act: { readonly action: NoticeAction };
  /** `text`: the Text view is in front, whose text may not parse; that is undone first, then. */
  readonly undo: { readonly text?: boolean };
  readonly redo: { readonly text?: boolean };
  readonly save: Record<never, never>;
  /** Window or page lost the focus: the host forgets what it keeps for reveals. */
  readonly hidden: Record<never, never>;
  /** Where the person is: a page that is not on the screen is thrown away, and is told the row when it comes back. */
  readonly stay: { readonly row: RowId };

  /** The Text view: the plain text with a token in each value's place. */
  readonly text: Record<never, never>;
  /** The source text behind tokens, for the line that is being edited. */
  readonly textShow: { readonly tokens: readonly Token[] };
  /**
   * The text after an edit, tokens in place of what was not looked at: one undoable change of the document. What does not
   * parse stays a draft: nothing of it is lost, nothing of it is in the file.
   */
  /** `from`: the text that it was made of; the last one that the host gave where it is left out. */
  readonly textSet: { readonly text: string; readonly from?: string };
  /** Tokens whose value holds `text`. */
  readonly textFind: { readonly text: string; readonly matchCase: boolean };
  /** Replace in the values behind `tokens`; one undoable change. */
  readonly textReplace: {
    readonly text: string;
    readonly by: string;
    readonly matchCase: boolean;
    readonly tokens: readonly Token[];
  };

  /** The entries of a conflict: what the file on disk and the unsaved edits did to each. */
  readonly conflict: Record<never, never>;
  /** One side for each conflicting entry, by its position in `conflict`'s answer. */
  readonly resolve: { readonly sides: readonly Side[] };
  /** One side's value of one conflicting entry, to be shown. */
  readonly revealSide: { readonly index: number; readonly side: Side };
}

/** `\uE000`, letters and digits, `\uE001`: stands for the source text of one value in the Text view. */
export type Token = string;
export type Side = 'mine' | 'theirs';

export interface ConflictEntry {
  /** Key path as shown, `database.password`. */
  readonly path: string;
  readonly mine: 'same' | 'changed' | 'added' | 'removed';
  readonly theirs: 'same' | 'changed' | 'added' | 'removed';
  /** Both changed it, differently: a side must be chosen. Otherwise the change is taken over as it is. */
  readonly clash: boolean;
}

export interface TextState {
  readonly text: string;
  readonly language: 'yaml' | 'json' | 'dotenv' | 'ini';
  /** What keeps a draft from being a change of the file. */
  readonly problem?: Problem;
}

export interface Results {
  readonly ready: null;
  readonly reveal: { readonly text: string };
  readonly copy: null;
  readonly edit: { readonly text: string; readonly type: ValueType };
  /** `focus`: the row to go to afterwards. */
  readonly set: Done;
  readonly generate: { readonly text: string; readonly bits: number };
  readonly add: Done;
  readonly addGroup: Done;
  readonly paste: { readonly added: number; readonly existing: readonly string[]; readonly skipped: readonly number[] };
  readonly rename: Done;
  readonly remove: Done;
  readonly duplicate: Done;
  readonly move: Done;
  readonly comment: { readonly text: string };
  readonly setComment: Done;
  readonly markPlain: Done;
  readonly findValues: { readonly rows: readonly RowId[] };
  readonly act: null;
  readonly undo: null;
  readonly redo: null;
  readonly save: null;
  readonly hidden: null;
  readonly stay: null;
  readonly text: TextState;
  readonly textShow: { readonly sources: readonly string[] };
  readonly textSet: TextState;
  readonly textFind: { readonly tokens: readonly Token[] };
  readonly textReplace: TextState;
  readonly conflict: { readonly entries: readonly ConflictEntry[] };
  readonly resolve: Done;
  readonly revealSide: { readonly text: string };
}

export interface Done {
  readonly revision: number;
  readonly focus?: RowId;
}

export type RequestName = keyof Requests;

/** A request as it travels: its name, a number that the answer repeats, and its arguments. */
export type Request = {
  [N in RequestName]: {
    readonly type: N;
    readonly request: number;
    readonly revision: number;
    readonly args: Requests[N];
  };
}[RequestName];
