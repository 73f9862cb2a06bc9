import * as vscode from 'vscode';
import { spanOf } from '../convert.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { later, sealedOf } from '../surface.ts';

/** A drag and a click on a lens move the cursor, too: it has to be where it was these milliseconds later. */
const calm = 250;

const verbs = { set: commands.setValue, reveal: commands.revealValue } as const;

/**
 * A click on dots sets or reveals the value, if somebody wants that: VS Code reports the click that opens the context menu, and one
 * behind the end of the line, in the same way.
 */
export function listenToClicks({ sessions, settings }: Services): vscode.Disposable {
  let clicked: vscode.TextEditor | undefined;
  const soon = later(calm, () => {
    const action = settings.maskClick;
    const id = clicked && idAtCursor(clicked, sessions);
    if (action === 'nothing' || !clicked || id === undefined) return;
    void vscode.commands.executeCommand(verbs[action], clicked.document.uri.toString(), id);
  });
  return vscode.Disposable.from(
    soon,
    vscode.window.onDidChangeTextEditorSelection(({ kind, textEditor }) => {
      clicked = kind === vscode.TextEditorSelectionChangeKind.Mouse ? textEditor : undefined;
      soon.start();
    }),
  );
}

/** The entry in whose ciphertext, or right behind it, the only cursor is. */
function idAtCursor({ document, selections }: vscode.TextEditor, sessions: Services['sessions']): string | undefined {
  const [selection, other] = selections;
  const tracked = sessions.current(document.uri);
  if (!selection?.isEmpty || other || tracked?.version !== document.version) return undefined;
  const { start } = spanOf(document, selection);
  return sealedOf(tracked.state)?.leaves.find(
    ({ encrypted, node: { span } }) => encrypted && span.start < start && start <= span.end,
  )?.id;
}
