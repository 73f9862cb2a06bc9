/**
 * What the Secrets Editor's page may ask of the extension host: one table. Types, the checks on both sides, the refusals
 * while locked or presenting, and how long the page waits all come from it. Every request is answered.
 */
import { noticeAction, problem, type RowId, valueType } from './messages.ts';
import { count, either, flag, many, number, type Of, object, oneOf, optional, type Shape, text } from './shape.ts';
import { type ArgsOf, type RequestOf, type ResultsOf, type Rule, readFrom, type Table } from './table.ts';

/** No id, name or token is longer. */
const name = text(64 * 1024);
/** No value or whole file is longer: what VS Code lets extensions see. */
const long = text(50 * 1024 * 1024);

const rowId: Shape<RowId> = name;
/** `\uE000`, letters and digits, `\uE001`: represents the source text of one value in the Text view. */
const token = name;
export type Token = Of<typeof token>;

const nothing = object({});
const none = oneOf(null);
const row = object({ row: rowId });
const value = object({ text: text() });

/** Where a new or moved row goes: into `group` (undefined: top level), before `before` (undefined: at its end). */
const place = object({ group: optional(rowId), before: optional(rowId) });
export type Place = Of<typeof place>;

const alphabet = oneOf('lower', 'upper', 'digits', 'symbols');
export type Alphabet = Of<typeof alphabet>;

const generateOptions = either(
  object({ kind: oneOf('characters'), length: count(1, 4096), alphabets: many(alphabet) }),
  object({ kind: oneOf('key'), bits: oneOf(128, 256) }),
  object({ kind: oneOf('uuid') }),
  object({ kind: oneOf('words'), count: count(1, 64), separator: text(16) }),
);
export type GenerateOptions = Of<typeof generateOptions>;

/** `focus`: the row to go to afterwards. */
const done = object({ revision: count(), focus: optional(text()) });
export type Done = Of<typeof done>;

const textState = object({
  text: text(),
  language: oneOf('yaml', 'json', 'dotenv', 'ini'),
  /** What keeps a draft from being a change of the file. */
  problem: optional(problem),
});
export type TextState = Of<typeof textState>;

const side = oneOf('mine', 'theirs');
export type Side = Of<typeof side>;

const change = oneOf('same', 'changed', 'added', 'removed');
const conflictEntry = object({
  /** Key path as shown, `database.password`. */
  path: text(),
  mine: change,
  theirs: change,
  /** Both changed it, differently: a side must be chosen. Otherwise the change is taken over as it is. */
  clash: flag,
});
export type ConflictEntry = Of<typeof conflictEntry>;

/** What can be done with the file as a whole, by the command of that name. */
const fileVerb = oneOf('readers', 'rotate', 'decrypt', 'explain', 'exposed', 'addKey', 'generateKey', 'openAsText');
export type FileVerb = Of<typeof fileVerb>;

/**
 * Why a line of a pasted `.env` is not taken: it has no `=`; no name before it, or one that the file cannot hold; a quote that
 * does not close; the file's rules leave that name unencrypted; a group has the name; the format cannot hold the value.
 */
const pasteReason = oneOf('no-assignment', 'name', 'quote', 'unencrypted', 'group', 'value');
export type PasteReason = Of<typeof pasteReason>;

/** `text`: the Text view is in front, whose text may not parse; that is undone first, then. */
const history = object({ text: optional(flag) });
const find = object({ text: long, matchCase: flag });

/** Rows are named as of the request's `revision`; one whose row is gone is refused. */
export const requests = {
  ready: { args: nothing, result: none, when: 'always', waits: 'seconds', unasked: true },
  /** The value, to be shown for `revealSeconds`. */
  reveal: { args: row, result: value, when: 'shown', waits: 'person' },
  /** To the clipboard, by the host; cleared after a while if it is still there. */
  copy: { args: row, result: none, when: 'unlocked', waits: 'person' },
  /** The value to be edited; the page forgets it when the field closes. */
  edit: { args: row, result: object({ text: text(), type: valueType }), when: 'shown', waits: 'person' },
  /** The edited value as text in the form of `as`. Null where a named encryption key stays, after a question. */
  set: {
    args: object({ row: rowId, text: long, as: valueType }),
    result: either(done, none),
    when: 'unlocked',
    waits: 'person',
  },
  /** A value for the field that is open, with its strength in bits. */
  generate: {
    args: object({ options: generateOptions }),
    result: object({ text: text(), bits: number }),
    when: 'shown',
    waits: 'seconds',
  },
  add: { args: object({ place, name, text: long, as: valueType }), result: done, when: 'unlocked', waits: 'seconds' },
  addGroup: { args: object({ place, name, list: flag }), result: done, when: 'unlocked', waits: 'seconds' },
  /**
   * A whole `.env` (or `KEY=value` lines): what the file can take is one step. Names that exist are listed, not changed, unless
   * `replace`; lines that are not taken come with the reason, and never with their text.
   */
  paste: {
    args: object({ text: long, replace: flag }),
    result: object({
      added: count(),
      existing: many(text()),
      skipped: many(object({ line: count(1), why: pasteReason })),
    }),
    when: 'unlocked',
    waits: 'person',
  },
  rename: { args: object({ row: rowId, name }), result: done, when: 'unlocked', waits: 'seconds' },
  /** Null where nothing goes, after the question about named encryption keys. */
  remove: { args: object({ rows: many(rowId) }), result: either(done, none), when: 'unlocked', waits: 'person' },
  duplicate: { args: object({ row: rowId, name }), result: done, when: 'unlocked', waits: 'seconds' },
  move: { args: object({ row: rowId, place }), result: done, when: 'unlocked', waits: 'seconds' },
  /** The comment of a row, to be edited. An encrypted one is a value: the handler refuses it while presenting. */
  comment: { args: row, result: value, when: 'unlocked', waits: 'seconds' },
  /** Lines without their comment sign; empty removes the comment. */
  setComment: { args: object({ row: rowId, text: long }), result: done, when: 'unlocked', waits: 'seconds' },
  /** With `on`, the rows that follow show the value: the handler refuses that while presenting. */
  markPlain: { args: object({ row: rowId, on: flag }), result: done, when: 'unlocked', waits: 'seconds' },
  /** Names that match are found by the page itself; rows whose value holds `text`, by the host. */
  findValues: { args: find, result: object({ rows: many(text()) }), when: 'shown', waits: 'seconds' },
  /** The host asks for the owner and the expiry of an entry. */
  agree: { args: row, result: none, when: 'unlocked', waits: 'person' },
  /** The commits that changed the entry, in a view of their own. */
  past: { args: row, result: none, when: 'unlocked', waits: 'person' },
  /** What is asked about a named encryption key before it goes: what becomes unreadable. */
  key: {
    args: object({ row: rowId, verb: oneOf('reset', 'remove') }),
    result: none,
    when: 'unlocked',
    waits: 'person',
  },
  /** A verb of the bar's menu: the host runs its command on this file. */
  run: { args: object({ verb: fileVerb }), result: none, when: 'always', waits: 'person' },
  /** A binary file's bytes are exchanged for those of a file that the host asks for. Null where none was chosen. */
  replaceFromFile: { args: nothing, result: either(done, none), when: 'unlocked', waits: 'person' },
  /** A binary file's plaintext to a place that the host asks for, after its question. */
  saveCopy: { args: nothing, result: none, when: 'unlocked', waits: 'person' },
  /** One of the notice's buttons. */
  act: { args: object({ action: noticeAction }), result: none, when: 'always', waits: 'person' },
  undo: { args: history, result: none, when: 'always', waits: 'seconds' },
  redo: { args: history, result: none, when: 'always', waits: 'seconds' },
  save: { args: nothing, result: none, when: 'always', waits: 'person' },
  /** Window or page lost the focus: the host forgets what it keeps for reveals. */
  hidden: { args: nothing, result: none, when: 'always', waits: 'seconds', unasked: true },

  /** The Text view: the plain text with a token in each value's place. */
  text: { args: nothing, result: textState, when: 'unlocked', waits: 'seconds', unasked: true },
  /** The source text behind tokens, for the line that is being edited. */
  textShow: {
    args: object({ tokens: many(token) }),
    result: object({ sources: many(text()) }),
    when: 'shown',
    waits: 'seconds',
  },
  /**
   * The text after an edit, tokens in place of what was not looked at: one undoable change of the document. What does not
   * parse stays a draft: nothing of it is lost, nothing of it is in the file. `from`: the text that it was made of; the last
   * one that the host gave where it is left out.
   */
  textSet: {
    args: object({ text: long, from: optional(long) }),
    result: textState,
    when: 'unlocked',
    waits: 'seconds',
  },
  /** Tokens whose value holds `text`. */
  textFind: { args: find, result: object({ tokens: many(text()) }), when: 'shown', waits: 'seconds' },
  /** Replace in the values behind `tokens`; one undoable change. Which entries it changes can be seen. */
  textReplace: {
    args: object({ text: long, by: long, matchCase: flag, tokens: many(token) }),
    result: textState,
    when: 'shown',
    waits: 'seconds',
  },

  /** The entries of a conflict: what the file on disk and the unsaved edits did to each. */
  conflict: { args: nothing, result: object({ entries: many(conflictEntry) }), when: 'unlocked', waits: 'person' },
  /**
   * One side for each entry, by its position in `conflict`'s answer. Null when the person does not agree to the readers of
   * the file on the disk: the conflict stays.
   */
  resolve: { args: object({ sides: many(side) }), result: either(done, none), when: 'unlocked', waits: 'person' },
  /** One side's value of one conflicting entry, to be shown. */
  revealSide: { args: object({ index: count(), side }), result: value, when: 'shown', waits: 'person' },
} as const satisfies Table;

export type RequestName = keyof typeof requests;
export type Requests = ArgsOf<typeof requests>;
export type Results = ResultsOf<typeof requests>;
export type Request = RequestOf<typeof requests>;

/** What holds of a request besides its types. */
export const ruleOf = (name: RequestName): Rule => requests[name];

/** A message from the page, if it is a request that we know, with all its arguments and no others. */
export const readRequest = (message: unknown): Request | undefined => readFrom(requests, message);
