import * as vscode from 'vscode';
import type { Span } from '../../core/format/document.ts';
import { pieces, touches } from '../../core/view/mask.ts';
import { linesOf } from '../surface.ts';
import { collapsed } from './painter.ts';

/** A text in the place of a span. */
export interface Part {
  readonly span: Span;
  readonly text: string;
}

interface Shown {
  readonly editor: vscode.TextEditor;
  readonly spans: readonly Span[];
  readonly disposables: readonly vscode.Disposable[];
}

/** A clock face that empties. */
const countdown = ['●', '◕', '◑', '◔', '○'];

/** The one value that is on screen, or comment of some lines, in one editor, for a few seconds. */
export class Reveal {
  #shown: Shown | undefined;
  readonly #ended = new vscode.EventEmitter<void>();
  readonly onDidEnd = this.#ended.event;

  get shown(): { readonly editor: vscode.TextEditor; readonly spans: readonly Span[] } | undefined {
    return this.#shown;
  }

  /** Each part's span gives way to its text; the countdown is after `token`, which may have quotes around it. */
  start(editor: vscode.TextEditor, parts: readonly Part[], token: Span, seconds: number): void {
    this.end();
    const disposables: vscode.Disposable[] = [];
    let at = editor.document.positionAt(token.end);
    for (const { span, text } of parts) {
      const [first] = pieces([span], linesOf(editor.document));
      if (!first) continue;
      const range = new vscode.Range(first.line, first.from, first.line, first.to);
      const value = valueType(text);
      editor.setDecorations(value, [range]);
      disposables.push(value);
      // Of a value of several lines the first one shows it.
      if (parts.length === 1 && at.line !== first.line) at = range.end;
    }
    if (disposables.length === 0) return;
    const clock = vscode.window.createTextEditorDecorationType({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    });
    const timer = setTimeout(() => this.end(), seconds * 1000);
    disposables.push(clock, startCountdown(editor, clock, at, seconds), { dispose: () => clearTimeout(timer) });
    this.#shown = { editor, spans: parts.map(({ span }) => span), disposables };
  }

  /** Disposing the type takes the value's style rule out of the page. */
  end(): void {
    const shown = this.#shown;
    if (!shown) return;
    this.#shown = undefined;
    for (const one of shown.disposables) one.dispose();
    this.#ended.fire();
  }

  /** A cursor or a click went into the value. */
  touchedBy(editor: vscode.TextEditor, selections: readonly Span[]): boolean {
    const shown = this.#shown;
    if (shown?.editor !== editor) return false;
    return shown.spans.some((span) => selections.some((s) => touches(span, s.start, s.end)));
  }

  dispose(): void {
    this.end();
    this.#ended.dispose();
  }
}

function valueType(text: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    textDecoration: collapsed,
    after: {
      contentText: text,
      color: new vscode.ThemeColor('debugTokenExpression.string'),
      backgroundColor: new vscode.ThemeColor('editor.wordHighlightBackground'),
      textDecoration: 'none; padding:0 3px; border-radius:3px',
    },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}

function startCountdown(
  editor: vscode.TextEditor,
  type: vscode.TextEditorDecorationType,
  at: vscode.Position,
  seconds: number,
): vscode.Disposable {
  let frame = 0;
  const draw = () => {
    const after = {
      contentText: countdown[frame] ?? '',
      color: new vscode.ThemeColor('descriptionForeground'),
      margin: '0 0 0 6px',
    };
    editor.setDecorations(type, [{ range: new vscode.Range(at, at), renderOptions: { after } }]);
    frame++;
  };
  draw();
  const timer = setInterval(draw, (seconds * 1000) / countdown.length);
  return { dispose: () => clearInterval(timer) };
}
