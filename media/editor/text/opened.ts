import { Annotation, type EditorState, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import type { Token } from '../../../src/protocol/editor.ts';

/** The source of one value, where its token was. */
export interface Span {
  readonly token: Token;
  readonly source: string;
  readonly from: number;
  readonly to: number;
}

/** The lines that are being edited, and the sources in them. */
export interface Opened {
  readonly from: number;
  readonly to: number;
  readonly spans: readonly Span[];
}

export const setOpened = StateEffect.define<Opened | undefined>();

/** On changes that do not come from the person: no undo, and nothing to send. */
export const ours = Annotation.define<true>();

/** Moves with the text. What is typed at either end of a source counts as part of it. */
export const opened = StateField.define<Opened | undefined>({
  create: () => undefined,
  update(value, transaction) {
    let now = value;
    if (now && transaction.docChanged) {
      const { changes } = transaction;
      const moved = (part: { from: number; to: number }) => ({
        from: changes.mapPos(part.from, -1),
        to: changes.mapPos(part.to, 1),
      });
      now = { ...moved(now), spans: now.spans.map((span) => ({ ...span, ...moved(span) })) };
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

/** Whether all of the selection is in the lines that are open. */
export function isInside(state: EditorState, { from, to }: Opened): boolean {
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
