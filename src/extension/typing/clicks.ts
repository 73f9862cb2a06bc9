import * as vscode from 'vscode';
import { spanOf } from '../convert.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { later, sealedOf } from '../surface.ts';

/** A third click selects the line: only what is still selected after these milliseconds counts. */
const calm = 250;

const verbs = { set: commands.setValue, reveal: commands.revealValue } as const;

/**
 * A double click on dots sets or reveals the value. A single click only puts the cursor there: VS Code reports the one that
 * opens the context menu in the same way.
 */
export function listenToClicks({ sessions, settings }: Services): vscode.Disposable {
  let clicked: vscode.TextEditor | undefined;
  const soon = later(calm, () => {
    const action = settings.maskDoubleClick;
    const id = clicked && idOfSelection(clicked, sessions);
    if (action === 'nothing' || !clicked || id === undefined) return;
    void vscode.commands.executeCommand(verbs[action], clicked.document.uri.toString(), id);
  });
  return vscode.Disposable.from(
    soon,
    vscode.window.onDidChangeTextEditorSelection(({ kind, textEditor, selections }) => {
      if (kind !== vscode.TextEditorSelectionChangeKind.Mouse || selections[0]?.isEmpty !== false) {
        clicked = undefined;
        return;
      }
      clicked = textEditor;
      soon.start();
    }),
  );
}

/** The entry inside whose ciphertext all of the selection is. */
function idOfSelection(
  { document, selections }: vscode.TextEditor,
  sessions: Services['sessions'],
): string | undefined {
  const [selection, other] = selections;
  const tracked = sessions.current(document.uri);
  if (!selection || other || selection.isEmpty || tracked?.version !== document.version) return undefined;
  const { start, end } = spanOf(document, selection);
  return sealedOf(tracked.state)?.leaves.find(
    ({ encrypted, node: { span } }) => encrypted && span.start <= start && end <= span.end,
  )?.id;
}
