import * as vscode from 'vscode';
import type { Span } from '../../core/format/document.ts';
import { leftOut, type Yielding } from '../../core/view/mask.ts';
import type { Masks } from '../../core/view/masks.ts';
import { spanOf } from '../convert.ts';
import { contexts } from '../ids.ts';
import { fileOf } from '../past.ts';
import type { Services } from '../services.ts';
import { editorsOf, openedOf, textOf } from '../surface.ts';
import { Attention } from './attention.ts';
import { Comments } from './comments.ts';
import { coverLists } from './cover.ts';
import { Covered } from './covered.ts';
import { DocumentMasks } from './masks.ts';
import { Painter } from './painter.ts';
import { Reveal } from './reveal.ts';

/** Keeps the masks of all visible editors right, and takes a revealed value away when its time is over. */
export class Screen {
  readonly reveal = new Reveal();
  readonly #services: Services;
  readonly #masks: DocumentMasks;
  readonly #painter = new Painter();
  #lists: vscode.Disposable | undefined;
  readonly #covered: Covered;
  readonly #attention = new Attention();
  readonly #comments: Comments;
  readonly #disposable: vscode.Disposable;
  /** What is revealed is no entry of its file: the state of that says nothing about it. */
  #loose = false;

  constructor(services: Services) {
    this.#services = services;
    this.#covered = new Covered(services.rules);
    this.#comments = new Comments(services);
    this.#masks = new DocumentMasks({
      sessions: services.sessions,
      settings: services.settings,
      covers: (file) => this.#covered.has(file),
    });
    this.#disposable = vscode.Disposable.from(
      this.#painter,
      { dispose: () => this.#lists?.dispose() },
      this.#covered,
      this.#comments,
      this.reveal,
      ...this.#editorEvents(),
      ...this.#ownEvents(),
    );
    this.paintAll();
  }

  paint(editor: vscode.TextEditor): void {
    const masks = this.#masks.of(editor.document);
    const left = new Set(leftOut(masks.spans, selectionsOf(editor), this.#yielding(editor, masks)));
    const shown = this.reveal.shown?.editor === editor ? this.reveal.shown.spans : [];
    const comments = this.#comments.shownIn(editor);
    const stay = (span: Span, i: number) =>
      !left.has(i) &&
      !shown.some((one) => span.start < one.end && one.start < span.end) &&
      !(comments.size > 0 && comments.has(textOf(editor.document).slice(span.start, span.end)));
    const all = left.size === 0 && shown.length === 0 && comments.size === 0;
    this.#painter.paint(editor, all ? masks.spans : masks.spans.filter(stay), masks.kind !== 'off');
    void this.#comments.draw(editor).then((changed) => {
      if (changed) this.paint(editor);
    });
  }

  paintAll(): void {
    for (const editor of vscode.window.visibleTextEditors) this.paint(editor);
  }

  /** Everything is masked again, also a plain value that the cursor is in. */
  hide(): void {
    this.reveal.end();
    this.#attention.reset();
    this.paintAll();
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #yielding(editor: vscode.TextEditor, { kind }: Masks): Yielding {
    if (kind === 'sealed') return 'never';
    return this.#attention.isOn(editor) && !this.#services.presentation.on ? 'inside' : 'never';
  }

  #editorEvents(): vscode.Disposable[] {
    const { window, workspace } = vscode;
    return [
      workspace.onDidChangeTextDocument((event) => this.#changed(event)),
      window.onDidChangeTextEditorSelection((event) => this.#moved(event)),
      window.onDidChangeVisibleTextEditors((editors) => {
        if (this.reveal.shown && !editors.includes(this.reveal.shown.editor)) this.reveal.end();
        this.paintAll();
      }),
      window.onDidChangeActiveTextEditor((editor) => {
        if (this.reveal.shown?.editor !== editor) this.reveal.end();
        this.#attention.activated(editor);
        this.paintAll();
      }),
      window.onDidChangeWindowState((state) => {
        if (!state.focused) this.hide();
      }),
    ];
  }

  #ownEvents(): vscode.Disposable[] {
    const { sessions, vault, presentation, settings } = this.#services;
    return [
      this.#services.revealed.onDidAsk(({ editor, span, text, id }) => {
        this.reveal.start(editor, [{ span, text }], span, settings.revealSeconds);
        this.#loose = true;
        this.#services.revealed.set(editor.document.uri.toString(), id);
        this.paint(editor);
      }),
      this.reveal.onDidEnd(() => {
        this.#loose = false;
        this.#services.revealed.set();
        this.paintAll();
      }),
      this.#services.revealed.onDidChange(() => this.#tellShown()),
      sessions.onDidChange((uri) => this.#judged(uri)),
      vault.onDidChange(() => {
        if (vault.locked) this.hide();
      }),
      presentation.onDidChange(() => this.hide()),
      presentation.onDidChange(() => {
        this.#lists?.dispose();
        this.#lists = presentation.on ? coverLists() : undefined;
      }),
      settings.onDidChange(() => this.#repaint()),
      this.#covered.onDidChange(() => this.#repaint()),
    ];
  }

  /** For Escape, which hides. */
  #tellShown(): void {
    void vscode.commands.executeCommand('setContext', contexts.revealed, this.reveal.shown !== undefined);
  }

  #repaint(): void {
    this.#masks.forget();
    this.paintAll();
  }

  #changed(event: vscode.TextDocumentChangeEvent): void {
    if (event.contentChanges.length === 0) return;
    if (this.reveal.shown?.editor.document === event.document) this.reveal.end();
    this.#masks.changed(event);
    for (const editor of editorsOf(event.document.uri)) {
      this.#painter.follow(editor, event.contentChanges);
      this.paint(editor);
    }
  }

  #moved(event: vscode.TextEditorSelectionChangeEvent): void {
    this.#attention.moved(event);
    if (this.reveal.touchedBy(event.textEditor, selectionsOf(event.textEditor))) this.reveal.end();
    this.paint(event.textEditor);
  }

  #judged(uri: vscode.Uri): void {
    const shown = this.reveal.shown?.editor.document.uri.toString();
    if (shown === uri.toString() && !this.#loose && !this.#readable(uri)) this.reveal.end();
    for (const editor of vscode.window.visibleTextEditors) {
      // The other side of a diff is a version of the same file.
      if (fileOf(editor.document.uri).path === uri.path) this.paint(editor);
    }
  }

  /** The file is still one whose values may be shown. */
  #readable(uri: vscode.Uri): boolean {
    const state = this.#services.sessions.current(uri)?.state;
    return state?.kind === 'plain' || openedOf(state) !== undefined;
  }
}

function selectionsOf(editor: vscode.TextEditor): Span[] {
  return editor.selections.map((selection) => spanOf(editor.document, selection));
}
