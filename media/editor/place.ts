import { count, many, number, type Of, object, oneOf, optional, text } from '../../src/protocol/shape.ts';

/** Where a person is in the page. Names at most, never a value: VS Code stores it. */
const place = object({
  view: oneOf('table', 'text'),
  row: optional(text()),
  /** Groups, by the ids of their rows. */
  closed: many(text()),
  /** How far the table is scrolled, in CSS pixels. */
  top: number,
  /** Of the cursor in the Text view, from 1. */
  line: count(1),
});
export type Place = Of<typeof place>;

/** What VS Code gives a page: the way to the host, and a state for the page that comes after this one. */
export interface Vscode {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: Place): void;
}

/** Where the person was in the page before this one. */
export function lastPlace(vscode: Vscode): Place | undefined {
  const state = vscode.getState();
  return place(state) ? state : undefined;
}
