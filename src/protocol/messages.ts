/**
 * What the extension host says to the Secrets Editor's page. The host owns the document, undo and every value; the page is
 * given names, kinds and positions, and one value at a time: the one that a person reveals or edits.
 */
import {
  anything,
  count,
  either,
  flag,
  many,
  number,
  type Of,
  object,
  oneOf,
  optional,
  type Shape,
  text,
} from './shape.ts';

/** Names a row within one revision: a leaf's id, or `JSON.stringify([document, ...path])` of a group. Holds no value. */
export type RowId = string;

export const valueType = oneOf('str', 'int', 'float', 'bool', 'time', 'null');
export type ValueType = Of<typeof valueType>;

/** How many lines a value has, in three steps only. */
const lines = oneOf('1', '2-10', '10+');
export type Lines = Of<typeof lines>;

const row = object({
  id: text(),
  /** `entry`: a value. `group`: a map or a list with rows below it. `comment`: a comment line of its own. */
  kind: oneOf('entry', 'group', 'comment'),
  /** 0 at the top level. */
  depth: count(),
  /** The key; `[2]` for the third item of a list; empty for a comment. Control and bidi characters are shown as escapes by the page. */
  name: text(),
  /** Number of rows right below a group; 0 otherwise. */
  children: count(),
  /** A list rather than a map, for a group; an item of a list, for an entry. */
  list: flag,
  type: valueType,
  /** Encrypted in the file: shown as a mask. */
  secret: flag,
  /** The value, only where the file holds it unencrypted anyway. */
  plain: optional(text()),
  empty: flag,
  /** Bytes that are no text: can be copied as base64, not edited here. */
  binary: flag,
  lines,
  /** A comment belongs to this entry (lines above, or at its end); its text is asked for like a value when `secretComment`. */
  comment: optional(text()),
  secretComment: flag,
  /** `unsaved`, or when it was last changed in git (`12 days ago`); undefined when not known. */
  changed: optional(text()),
  /** How many days ago that was, of what is committed. */
  days: optional(count()),
  /** Owner and expiry in words, and whether it is time to replace the value. */
  term: optional(object({ text: text(), state: optional(oneOf('due', 'overdue')) })),
  /** Its value cannot be decrypted, or the MAC does not match. */
  damaged: flag,
  /** The name holds characters that look like others, or that do not show: it gets a badge. */
  odd: flag,
  /** Under an alias, or otherwise not to be changed here: why. */
  fixed: optional(text()),
  /** The value is no secret but says who has it, and where there; empty while that is hidden. */
  reference: optional(object({ manager: text(), where: text() })),
  /** It is a named encryption key. */
  encryptionKey: optional(flag),
});
/** One line of the table. A nested file is a tree in file order: a group's rows follow it, one deeper. */
export type Row = Of<typeof row>;

export const noticeAction = oneOf('unlock', 'encrypt', 'importKey', 'openAsText', 'reload', 'setUp');
export type NoticeAction = Of<typeof noticeAction>;

const notice = object({
  kind: oneOf('locked', 'unreadable', 'damaged', 'broken', 'plain', 'gone', 'unsupported', 'readers'),
  text: text(),
  actions: many(noticeAction),
});
/** What the file is now. Everything but `open` shows a sentence and buttons instead of the table. */
export type Notice = Of<typeof notice>;

const features = object({
  groups: flag,
  comments: flag,
  lists: flag,
  types: many(valueType),
  /** A row can be marked as not encrypted (the selector goes by name or comment). */
  markPlain: flag,
  textView: flag,
  /** What is there for files of SOPS alone: readers, data key, explanation, decryption in place. */
  wholeFile: flag,
});
export type Features = Of<typeof features>;

const state = object({
  type: oneOf('state'),
  revision: count(),
  fileName: text(),
  format: oneOf('yaml', 'json', 'dotenv', 'ini', 'binary'),
  notice: optional(notice),
  /** No change is possible (damaged, restricted mode); reading is. */
  readOnly: flag,
  presenting: flag,
  /** People who can read the file; 0 when not known. */
  readers: count(),
  revealSeconds: number,
  features,
  /** All rows; later changes come as `rows`. */
  rows: many(row),
  /** The file changed on disk under unsaved edits. */
  conflict: flag,
});
export type State = Of<typeof state>;

/** Rows from `at` on: `remove` of them go, `rows` come. `revision` is the one after. */
export const rowsChangedOf = <T>(one: Shape<T>) =>
  object({ type: oneOf('rows'), revision: count(), at: count(), remove: count(), rows: many(one) });

const rowsChanged = rowsChangedOf(row);
export type RowsChanged = Of<typeof rowsChanged>;

/** Forget every value now: lock, presentation mode, window without focus. */
export const forget = object({ type: oneOf('forget') });

/** Bring a row into view and focus it, e.g. after *Open Secrets Editor* from a lens. */
const focus = object({ type: oneOf('focus'), row: text() });

export const problem = object({
  code: text(),
  text: text(),
  /** Where in the Text view. */
  line: optional(number),
  column: optional(number),
});
/** A refusal in words for people; never a value. */
export type Problem = Of<typeof problem>;

/** The result's shape is that of its request, in `requests.ts`. */
export const answer = either(
  object({ type: oneOf('answer'), request: count(), ok: oneOf(true), result: anything }),
  object({ type: oneOf('answer'), request: count(), ok: oneOf(false), error: problem }),
);
export type Answer = Of<typeof answer>;

const message = either(state, rowsChanged, forget, focus, answer);
export type ToPage = Of<typeof message>;

/** A message of the host; undefined for what is none. */
export function readMessage(data: unknown): ToPage | undefined {
  return message(data) ? data : undefined;
}
