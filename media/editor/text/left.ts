import { type EditorState, type Extension, Prec, type Range, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import { Mask } from './masks.ts';
import { isInside, opened, ours, setOpened } from './opened.ts';

interface Part {
  readonly from: number;
  readonly to: number;
}

/** The host has what was typed: its masks are in the text. */
export const setTaken = StateEffect.define<null>();

/** The person is away, or no value may be shown: what is open is masked until somebody works on it. */
export const setAway = StateEffect.define<null>();

/**
 * Lines that were closed and are on their way to the host. It takes a moment to give their values tokens, so they are masked
 * here; the line with the cursor is shown once somebody goes there again.
 */
interface Left {
  readonly parts: readonly Part[];
  /** Somebody has gone somewhere since. */
  readonly seen: boolean;
  readonly away: boolean;
}

const left = StateField.define<Left>({
  create: () => ({ parts: [], seen: false, away: false }),
  update({ parts, seen, away }, transaction) {
    const { changes, startState, effects } = transaction;
    const mapped = ({ from, to }: Part): Part => ({ from: changes.mapPos(from, -1), to: changes.mapPos(to, 1) });
    const byPerson = !transaction.annotation(ours) && (transaction.docChanged || transaction.selection !== undefined);
    const moved = transaction.docChanged ? parts.map(mapped) : parts;
    let now: Left = { parts: moved, seen: seen || byPerson, away: away && !byPerson };
    for (const effect of effects) {
      const before = startState.field(opened);
      if (effect.is(setOpened) && !effect.value && before)
        now = { parts: [...now.parts, mapped(before)], seen: false, away };
      if (effect.is(setTaken)) now = { parts: [], seen: false, away: false };
      if (effect.is(setAway)) now = { ...now, seen: false, away: true };
    }
    return now;
  },
});

/**
 * A name that may be read, with its sign: not the end of a line in base64. The rest of a line, or all of it, is masked.
 */
const name = /^\s*(?:-\s+)*(?:export\s+)?(?:(["']?)[A-Za-z_][\w.-]*\1\s*[:=]\s*(?=[^=\s]))?/;

function* masksOf(state: EditorState): Generator<Range<Decoration>> {
  const { doc, selection } = state;
  const { parts, seen, away } = state.field(left);
  const open = state.field(opened);
  const inside = open !== undefined && !away && isInside(state, open);
  const lines = new Set<number>();
  for (const { from, to } of open ? [...parts, open] : parts) {
    for (let at = doc.lineAt(from).number; at <= doc.lineAt(Math.min(to, doc.length)).number; at++) lines.add(at);
  }
  for (const number of [...lines].sort((a, b) => a - b)) {
    const line = doc.line(number);
    const touches = (part: Part) => part.from <= line.to && part.to >= line.from;
    const worked = inside && (touches(selection.main) || open.spans.some(touches));
    if (worked || (seen && touches(selection.main))) continue;
    const from = line.from + (name.exec(line.text)?.[0].length ?? 0);
    if (from < line.to) yield Decoration.replace({ widget: new Mask() }).range(from, line.to);
  }
}

/** Masks what was typed as soon as the cursor leaves it. */
export const leftLines: Extension = [
  left,
  Prec.highest(
    EditorView.decorations.compute([left, opened, 'doc', 'selection'], (state) => Decoration.set([...masksOf(state)])),
  ),
];
