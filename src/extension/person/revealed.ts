import * as vscode from 'vscode';
import type { Span } from '../../core/format/document.ts';

/** A text that is to be shown in the place of a span of an editor, for the set time. */
interface Showing {
  readonly editor: vscode.TextEditor;
  readonly span: Span;
  /** On one line, as `revealText` makes it. */
  readonly text: string;
  /** Tells it from others in its document. */
  readonly id: string;
}

/** Which entry or comment a person has on screen now, so that every surface can offer to hide it. It holds no value. */
export interface Revealed {
  is(uri: string, id: string): boolean;
  /** Nothing, without arguments. */
  set(uri?: string, id?: string): void;
  /** Shows what is no entry of a file. Whoever calls this has asked the person, and recorded it. */
  show(showing: Showing): void;
  /** For those who draw it: a text is to be shown. */
  readonly onDidAsk: vscode.Event<Showing>;
  readonly onDidChange: vscode.Event<void>;
}

export function createRevealed(): Revealed & vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const asked = new vscode.EventEmitter<Showing>();
  let current: string | undefined;
  const keyOf = (uri: string, id: string) => `${uri}\n${id}`;
  return {
    is: (uri, id) => current === keyOf(uri, id),
    set(uri, id) {
      const next = uri !== undefined && id !== undefined ? keyOf(uri, id) : undefined;
      if (next === current) return;
      current = next;
      changed.fire();
    },
    show: (showing) => asked.fire(showing),
    onDidAsk: asked.event,
    onDidChange: changed.event,
    dispose() {
      changed.dispose();
      asked.dispose();
    },
  };
}
