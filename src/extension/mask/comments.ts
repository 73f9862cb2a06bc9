import * as vscode from 'vscode';
import type { Opened } from '../../core/open/open.ts';
import { plainComment } from '../../core/open/unseal.ts';
import { type SecretComment, secretComments } from '../../core/view/comments.ts';
import { bareComment } from '../../core/view/rows.ts';
import { revealText } from '../../core/view/shown.ts';
import { rangeOf } from '../convert.ts';
import type { Services } from '../services.ts';
import { openedOf, textOf } from '../surface.ts';
import { collapsed } from './painter.ts';
import type { Part } from './reveal.ts';

const none: ReadonlySet<string> = new Set();

/** The texts of encrypted comments, each on one line; those that do not open are left out. */
export async function commentTexts(opened: Opened, comments: readonly SecretComment[]): Promise<Part[]> {
  const parts: Part[] = [];
  for (const { comment, span } of comments) {
    const text = await plainComment(opened, comment);
    const shown = text === undefined ? undefined : revealText({ type: 'str', value: text });
    if (shown?.kind === 'text') parts.push({ span, text: shown.text });
  }
  return parts;
}

/**
 * The encrypted comments of an open file: read where the mouse rests, and where the setting says so all the time. As
 * decorations, because another extension can ask for what a hover provider says, and not for these. While presenting, none.
 */
export class Comments implements vscode.Disposable {
  readonly #services: Services;
  readonly #hover = vscode.window.createTextEditorDecorationType({});
  readonly #always = vscode.window.createTextEditorDecorationType({
    textDecoration: collapsed,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  readonly #drawn = new WeakMap<vscode.TextEditor, { of: Opened; always: boolean; ciphertexts: ReadonlySet<string> }>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** The ciphertexts in an editor that have their text in their place, and need no mask. */
  shownIn(editor: vscode.TextEditor): ReadonlySet<string> {
    return this.#drawn.get(editor)?.ciphertexts ?? none;
  }

  /** Brings an editor up to date. @returns whether other ciphertexts are shown now */
  async draw(editor: vscode.TextEditor): Promise<boolean> {
    const { sessions, presentation, settings } = this.#services;
    const { document } = editor;
    const now = () => (presentation.on ? undefined : sessions.current(document.uri));
    const tracked = now();
    const opened = openedOf(tracked?.state);
    if (!tracked || !opened) return this.#put(editor, [], undefined);
    const before = this.#drawn.get(editor);
    const always = settings.showComments;
    // Of an older text: the editor has moved what is drawn along with the edits.
    if (tracked.version !== document.version || (before?.of === opened && before.always === always)) return false;
    const parts = await commentTexts(opened, secretComments(opened.sealed));
    // Meanwhile there may be a lock, a presentation or another text.
    if (now() !== tracked || tracked.version !== document.version) return false;
    // Which one a mouse rests on nobody tells us.
    if (always && !before?.always && parts.length > 0)
      this.#services.access.record({ purpose: 'reveal', uri: document.uri, key: 'comments', by: 'text editor' });
    return this.#put(editor, parts, { of: opened, always });
  }

  dispose(): void {
    this.#hover.dispose();
    this.#always.dispose();
  }

  #put(editor: vscode.TextEditor, parts: readonly Part[], by: { of: Opened; always: boolean } | undefined): boolean {
    const before = this.#drawn.get(editor);
    if (!before && parts.length === 0) return false;
    const { document } = editor;
    const text = textOf(document);
    const hovers = parts.map((part) => ({
      range: rangeOf(document, part.span),
      hoverMessage: new vscode.MarkdownString().appendText(bareComment(part.text)),
    }));
    const inPlace = parts.map((part) => ({
      range: rangeOf(document, part.span),
      renderOptions: {
        after: {
          contentText: part.text,
          color: new vscode.ThemeColor('descriptionForeground'),
          fontStyle: 'italic',
        },
      },
    }));
    editor.setDecorations(this.#hover, by?.always ? [] : hovers);
    editor.setDecorations(this.#always, by?.always ? inPlace : []);
    const shown = by?.always ? parts.map(({ span }) => text.slice(span.start, span.end)) : [];
    if (by) this.#drawn.set(editor, { ...by, ciphertexts: new Set(shown) });
    else this.#drawn.delete(editor);
    return shown.length > 0 || (before?.ciphertexts.size ?? 0) > 0;
  }
}
