import {
  Annotation,
  type ChangeDesc,
  type EditorState,
  StateEffect,
  StateField,
  type Transaction,
} from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import type { Token } from '../../../src/protocol/requests.ts';

/** The source of one value, where its token was. */
export interface Span {
  readonly token: Token;
  readonly source: string;
  readonly from: number;
  readonly to: number;
}

/** The lines that are being edited, and the sources in them. */
interface Opened {
  readonly from: number;
  readonly to: number;
  readonly spans: readonly Span[];
  /** The sources have been asked for. A line that is typed in before that is open, too. */
  readonly shown: boolean;
}

export const setOpened = StateEffect.define<Opened | undefined>();

/** On changes that do not come from the person: no undo, and nothing to send. */
export const ours = Annotation.define<true>();

/** Moves with the text, and takes in what is typed, wherever that is. What touches a source counts as part of it. */
export const opened = StateField.define<Opened | undefined>({
  create: () => undefined,
  update(value, transaction) {
    let now = value;
    if (transaction.docChanged) {
      now = now && moved(now, transaction.changes);
      if (!transaction.annotation(ours)) now = takenIn(now, transaction);
    }
    for (const effect of transaction.effects) if (effect.is(setOpened)) now = effect.value;
    return now;
  },
  provide: (field) =>
    EditorView.decorations.from(field, (value) =>
      Decoration.set(
        (value?.spans ?? [])
          .filter((span) => span.to > span.from)
          .map((span) => Decoration.mark({ class: 'cm-open-value' }).range(span.from, span.to)),
        true,
      ),
    ),
});

function moved(value: Opened, changes: ChangeDesc): Opened {
  const map = (part: { from: number; to: number }) => ({
    from: changes.mapPos(part.from, -1),
    to: changes.mapPos(part.to, 1),
  });
  return { ...value, ...map(value), spans: value.spans.map((span) => ({ ...span, ...map(span) })) };
}

function takenIn(value: Opened | undefined, { changes, newDoc, newSelection }: Transaction): Opened {
  const line = newDoc.lineAt(newSelection.main.head);
  let { from, to } = value ?? line;
  changes.iterChangedRanges((_fromA, _toA, fromB, toB) => {
    from = Math.min(from, fromB);
    to = Math.max(to, toB);
  });
  return { spans: [], shown: false, ...value, from, to };
}

/** Whether all of the selection is in the lines that are open. */
export function isInside(state: EditorState, { from, to }: { readonly from: number; readonly to: number }): boolean {
  const start = state.doc.lineAt(from).from;
  const end = state.doc.lineAt(Math.min(to, state.doc.length)).to;
  const { main } = state.selection;
  return main.from >= start && main.to <= end;
}

/** Changes that put tokens back where the source was not touched. */
export function closing(state: EditorState): { from: number; to: number; insert: string }[] {
  return (state.field(opened)?.spans ?? [])
    .filter((span) => state.sliceDoc(span.from, span.to) === span.source)
    .map((span) => ({ from: span.from, to: span.to, insert: span.token }));
}

/** The text with every untouched source as its token. */
export function tokenText(state: EditorState): string {
  return state.changes(closing(state)).apply(state.doc).toString();
}
