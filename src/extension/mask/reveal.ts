import * as vscode from 'vscode';
import type { Span } from '../../core/format/document.ts';
import { pieces, touches } from '../../core/view/mask.ts';
import { linesOf } from '../surface.ts';
import { collapsed } from './painter.ts';

interface Shown {
  readonly editor: vscode.TextEditor;
  readonly span: Span;
  readonly disposables: readonly vscode.Disposable[];
}

/** A clock face that empties. */
const countdown = ['●', '◕', '◑', '◔', '○'];

/** The one value that is on screen, in one editor, for a few seconds. */
export class Reveal {
  #shown: Shown | undefined;
  readonly #ended = new vscode.EventEmitter<void>();
  readonly onDidEnd = this.#ended.event;

  get shown(): { readonly editor: vscode.TextEditor; readonly span: Span } | undefined {
    return this.#shown;
  }

  /** `span` gives way to `text`; the countdown stands after `token`, which may have quotes around it. */
  start(editor: vscode.TextEditor, span: Span, token: Span, text: string, seconds: number): void {
    this.end();
    const [first] = pieces([span], linesOf(editor.document));
    if (!first) return;
    const range = new vscode.Range(first.line, first.from, first.line, first.to);
    const value = valueType(text);
    editor.setDecorations(value, [range]);
    const clock = vscode.window.createTextEditorDecorationType({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    });
    const after = editor.document.positionAt(token.end);
    const frames = startCountdown(editor, clock, after.line === first.line ? after : range.end, seconds);
    const timer = setTimeout(() => this.end(), seconds * 1000);
    this.#shown = { editor, span, disposables: [value, clock, frames, { dispose: () => clearTimeout(timer) }] };
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
    return shown?.editor === editor && selections.some((s) => touches(shown.span, s.start, s.end));
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
