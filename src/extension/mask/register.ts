import * as vscode from 'vscode';
import type { Span } from '../../core/format/document.ts';
import { spanOf } from '../convert.ts';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { editorsOf, openedOf } from '../surface.ts';
import { Attention } from './attention.ts';
import { leftOut } from './left.ts';
import { DocumentMasks } from './masks.ts';
import { Painter } from './painter.ts';
import { Reveal } from './reveal.ts';
import { findTarget, shownSpan, shownText } from './values.ts';

/** Masks on every visible editor, and the timed reveal of one value. */
export function register(services: Services): Feature {
  const masks = new DocumentMasks(services.sessions, services.settings);
  const painter = new Painter();
  const reveal = new Reveal();
  const attention = new Attention();

  const paint = (editor: vscode.TextEditor) => {
    const { kind, spans } = masks.of(editor.document);
    const when =
      kind === 'sealed' ? 'touching' : attention.isOn(editor) && !services.presentation.on ? 'inside' : 'never';
    const left = new Set(leftOut(spans, selectionsOf(editor), when));
    const shown = reveal.shown?.editor === editor ? reveal.shown.span : undefined;
    painter.paint(
      editor,
      left.size === 0 && !shown ? spans : spans.filter((span, i) => !left.has(i) && !overlap(span, shown)),
    );
  };
  const paintAll = () => vscode.window.visibleTextEditors.forEach(paint);
  const hide = () => {
    reveal.end();
    attention.reset();
    paintAll();
  };

  paintAll();
  const disposable = vscode.Disposable.from(
    painter,
    reveal,
    reveal.onDidEnd(paintAll),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.contentChanges.length === 0) return;
      if (reveal.shown?.editor.document === event.document) reveal.end();
      masks.changed(event);
      for (const editor of editorsOf(event.document.uri)) {
        painter.follow(editor, event.contentChanges);
        paint(editor);
      }
    }),
    vscode.window.onDidChangeTextEditorSelection((event) => {
      attention.moved(event);
      if (
        reveal.touchedBy(
          event.textEditor,
          event.selections.map((s) => spanOf(event.textEditor.document, s)),
        )
      )
        reveal.end();
      paint(event.textEditor);
    }),
    vscode.window.onDidChangeVisibleTextEditors((editors) => {
      if (reveal.shown && !editors.includes(reveal.shown.editor)) reveal.end();
      paintAll();
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (reveal.shown && reveal.shown.editor !== editor) reveal.end();
      attention.activated(editor);
      paintAll();
    }),
    vscode.window.onDidChangeWindowState((state) => {
      if (!state.focused) hide();
    }),
    services.sessions.onDidChange((uri) => {
      if (reveal.shown?.editor.document.uri.toString() === uri.toString() && !readable(services, uri)) reveal.end();
      paintAll();
    }),
    services.vault.onDidChange(() => {
      if (services.vault.locked) hide();
    }),
    services.presentation.onDidChange(hide),
    services.settings.onDidChange(() => {
      masks.forget();
      paintAll();
    }),
  );

  const revealValue = async (uri: unknown, id: unknown): Promise<void> => {
    if (services.presentation.on) return refuse(services);
    const target = await findTarget(services, uri, id);
    if (!target || services.presentation.on) return;
    const text = shownText(target);
    if (text === undefined) {
      await vscode.commands.executeCommand(commands.explainFile, target.document.uri.toString());
      return;
    }
    const editor = editorsOf(target.document.uri)[0] ?? (await vscode.window.showTextDocument(target.document));
    if (editor.document.version !== target.tracked.version) return;
    const span = shownSpan(target);
    editor.revealRange(
      new vscode.Range(editor.document.positionAt(span.start), editor.document.positionAt(span.start)),
    );
    reveal.start(editor, span, text, services.settings.revealSeconds);
    paint(editor);
  };
  const hideValues = async (): Promise<void> => hide();
  return { commands: { [commands.revealValue]: revealValue, [commands.hideValues]: hideValues }, disposable };
}

async function refuse({ ui, presentation }: Services): Promise<void> {
  const off = vscode.l10n.t('End Presentation Mode');
  const answer = await ui.info(vscode.l10n.t('Presentation mode is on, so no value is shown.'), off);
  if (answer === off) presentation.set(false);
}

/** The file is still one whose values may be shown. */
function readable({ sessions }: Services, uri: vscode.Uri): boolean {
  const state = sessions.current(uri)?.state;
  return state?.kind === 'plain' || openedOf(state) !== undefined;
}

function selectionsOf(editor: vscode.TextEditor): Span[] {
  return editor.selections.map((selection) => spanOf(editor.document, selection));
}

function overlap(span: Span, shown: Span | undefined): boolean {
  return shown !== undefined && span.start < shown.end && shown.start < span.end;
}
