import * as vscode from 'vscode';
import { isDotenvName, isKeyName, isSecretName } from '../../core/view/names.ts';
import { fileOf } from '../past.ts';
import type { Settings } from '../settings.ts';
import { editorsOf } from '../surface.ts';
import { DocumentMasks } from './masks.ts';
import { Painter } from './painter.ts';

/**
 * Milliseconds. The window needs a moment to draw the engine's masks; both at once look like one, because they style the
 * same piece of text.
 */
const handover = 300;

/**
 * Masks by name and text alone, for the moment between a file on screen and the engine that knows more. Small enough for
 * the activation path. The engine takes over: it paints its own masks, then this is disposed of.
 */
export function paintFirst(settings: Pick<Settings, 'maskPlain' | 'maskEncrypted'>): vscode.Disposable {
  const masks = new DocumentMasks({ sessions: { current: () => undefined }, settings, covers: () => false });
  const painter = new Painter();
  const paint = (editor: vscode.TextEditor) => {
    const { kind, spans } = masks.of(editor.document);
    // Other plain files may turn out to be no business of ours, and then no engine is loaded that would say so.
    const { path } = fileOf(editor.document.uri);
    const sure = kind === 'sealed' || isDotenvName(path) || isSecretName(path) || isKeyName(path);
    painter.paint(editor, sure ? spans : [], sure && kind !== 'off');
  };
  const paintAll = (editors: readonly vscode.TextEditor[]) => {
    for (const editor of editors) paint(editor);
  };

  paintAll(vscode.window.visibleTextEditors);
  const listening = vscode.Disposable.from(
    vscode.window.onDidChangeVisibleTextEditors(paintAll),
    vscode.workspace.onDidChangeTextDocument((event) => {
      masks.changed(event);
      for (const editor of editorsOf(event.document.uri)) {
        painter.follow(editor, event.contentChanges);
        paint(editor);
      }
    }),
  );
  return new vscode.Disposable(() => {
    listening.dispose();
    setTimeout(() => painter.dispose(), handover);
  });
}
