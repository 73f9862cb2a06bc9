/**
 * What the page that shows versions of secrets beside each other and its host say to each other. The page gets names, kinds and
 * fingerprints; a value comes only when somebody reveals it.
 */
import { answer, forget, rowsChangedOf } from './messages.ts';
import { count, either, flag, many, number, type Of, object, oneOf, optional, text } from './shape.ts';
import { type ArgsOf, type RequestOf, type ResultsOf, readFrom, type Table } from './table.ts';

/** No id or name is longer. */
const name = text(64 * 1024);

/** What one version has in one row. */
const cell = object({
  /** `hidden`: a value, shown as dots. `words`: shown as it is. `none`: nothing is there. */
  kind: oneOf('hidden', 'words', 'none'),
  /** The words; of a hidden value what is known besides, such as its kind. */
  text: text(),
  /** Of a hidden value: equal ones on this page are equal values. It means nothing anywhere else. */
  mark: optional(text()),
  /** Its value can be revealed. */
  shows: flag,
  /** This version can be chosen for the row, or is. */
  choice: optional(oneOf('open', 'chosen')),
});
export type Cell = Of<typeof cell>;

const row = object({
  id: name,
  /** `heading`: the rows below it belong together. */
  kind: oneOf('heading', 'entry'),
  name: text(),
  /** What became of it, as a sign and in words. */
  tone: oneOf('added', 'removed', 'changed', 'moved', 'conflict', 'done', 'note', 'same'),
  state: text(),
  /** One for each column; none for a heading. */
  cells: many(cell),
  /** What can be done with it, by ids of `rowActions`. */
  actions: many(text()),
});
export type Row = Of<typeof row>;

const action = object({
  id: name,
  label: text(),
  primary: optional(flag),
  /** Of one that is switched on and off. */
  pressed: optional(flag),
});
export type Action = Of<typeof action>;

const note = object({ tone: oneOf('info', 'warning', 'error'), text: text() });

/** What a feature says of the page; the panel adds the rest. */
const view = {
  title: text(),
  /** What the whole page is about, and what it could not look at. */
  notes: many(note),
  columns: many(text()),
  rows: many(row),
  /** Shown in the place of rows where there are none. */
  nothing: text(),
  actions: many(action),
  rowActions: many(action),
};
const viewShape = object(view);
export type View = Of<typeof viewShape>;

const state = object({
  type: oneOf('state'),
  revision: count(),
  locked: flag,
  presenting: flag,
  revealSeconds: number,
  ...view,
});
export type VersionsState = Of<typeof state>;

const message = either(state, rowsChangedOf(row), forget);
export type VersionsMessage = Of<typeof message>;
const toPage = either(message, answer);

/** A message of the host; undefined for what is none. */
export const readVersionsMessage = (data: unknown): Of<typeof toPage> | undefined => (toPage(data) ? data : undefined);

const place = object({ row: name, column: count(0, 9) });
const nothing = object({});
const none = oneOf(null);

export const versionsRequests = {
  ready: { args: nothing, result: none, when: 'always', waits: 'seconds', unasked: true },
  /** One value, to be shown for `revealSeconds`. */
  reveal: { args: place, result: object({ text: text() }), when: 'shown', waits: 'person' },
  choose: { args: place, result: none, when: 'unlocked', waits: 'seconds' },
  /** One of the actions that the page was given; of a row where one is named. */
  act: { args: object({ action: name, row: optional(name) }), result: none, when: 'always', waits: 'person' },
} as const satisfies Table;

export type VersionsArgs = ArgsOf<typeof versionsRequests>;
export type VersionsResults = ResultsOf<typeof versionsRequests>;
export type VersionsRequest = RequestOf<typeof versionsRequests>;

/** A message from the page, if it is a request that we know. */
export const readVersionsRequest = (data: unknown): VersionsRequest | undefined => readFrom(versionsRequests, data);
