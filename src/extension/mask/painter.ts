import * as vscode from 'vscode';
import type { Span } from '../../core/format/document.ts';
import { MASK, moveSpans, pieces, touches } from '../../core/view/mask.ts';
import { linesOf } from '../surface.ts';
import { Cover } from './cover.ts';

/**
 * Collapses what it covers without taking it out of the page: the caret, selections and copying keep working.
 * `none;` comes first, because the rest is handed through to CSS as it stands.
 */
export const collapsed = 'none; font-size:0';

/** Puts masks on editors, and sends only what an editor does not already show. */
export class Painter {
  readonly #type = vscode.window.createTextEditorDecorationType({
    textDecoration: collapsed,
    after: { contentText: MASK, color: new vscode.ThemeColor('descriptionForeground') },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  readonly #cover = new Cover();
  #painted = new WeakMap<vscode.TextEditor, readonly Span[]>();

  /** @param secret the text is one whose values are masked, though it may have none now */
  paint(editor: vscode.TextEditor, spans: readonly Span[], secret: boolean): void {
    this.#cover.put(editor, secret);
    if (same(this.#painted.get(editor) ?? [], spans)) return;
    const ranges = pieces(spans, linesOf(editor.document)).map(
      ({ line, from, to }) => new vscode.Range(line, from, line, to),
    );
    editor.setDecorations(this.#type, ranges);
    this.#painted.set(editor, spans);
  }

  /**
   * An editor moves its decorations with the text by itself. Follow it, so that typing elsewhere sends nothing; where an
   * edit touches a mask, what the editor made of it is not known.
   */
  follow(editor: vscode.TextEditor, changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    let spans = this.#painted.get(editor);
    for (const { rangeOffset, rangeLength, text } of changes) {
      if (!spans) return;
      const touched = spans.some((span) => touches(span, rangeOffset, rangeOffset + rangeLength));
      spans = touched
        ? undefined
        : moveSpans(spans, { offset: rangeOffset, length: rangeLength, inserted: text.length });
    }
    if (spans) this.#painted.set(editor, spans);
    else this.#painted.set(editor, [unknown]);
  }

  dispose(): void {
    this.#type.dispose();
    this.#cover.dispose();
  }
}

/** Equal to no mask, so that the next painting is sent. */
const unknown: Span = { start: -1, end: -1 };

function same(a: readonly Span[], b: readonly Span[]): boolean {
  return a.length === b.length && a.every((span, i) => span.start === b[i]?.start && span.end === b[i]?.end);
}
