import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { findTarget } from '../session/target.ts';
import { editorsOf } from '../surface.ts';
import { Screen } from './screen.ts';
import { shownSpan, shownText } from './values.ts';

/** Masks on every visible editor, and the timed reveal of one value. */
export function register(services: Services): Feature {
  const screen = new Screen(services);
  return {
    commands: {
      [commands.revealValue]: (...ids) => revealValue(services, screen, ids),
      [commands.hideValues]: async () => screen.hide(),
    },
    disposable: screen,
  };
}

/** Shows one entry's value in its editor for a few seconds. Nothing of it leaves this function but the decoration. */
async function revealValue(services: Services, screen: Screen, ids: readonly unknown[]): Promise<void> {
  if (services.presentation.on) return refuse(services);
  const target = await findTarget(services, ids, vscode.l10n.t('Reveal Value'));
  if (!target) return;
  const text = shownText(target);
  if (text === undefined) {
    await vscode.commands.executeCommand(commands.explainFile, target.document.uri.toString());
    return;
  }
  const editor = editorsOf(target.document.uri)[0] ?? (await vscode.window.showTextDocument(target.document));
  // While we waited: another text, a presentation, or nobody at the window any more.
  if (editor.document.version !== target.tracked.version) return;
  if (services.presentation.on || !vscode.window.state.focused) return;
  const span = shownSpan(target);
  const start = editor.document.positionAt(span.start);
  editor.revealRange(new vscode.Range(start, start));
  screen.reveal.start(editor, span, target.leaf.node.span, text, services.settings.revealSeconds);
  screen.paint(editor);
}

async function refuse({ ui, presentation }: Services): Promise<void> {
  const off = vscode.l10n.t('End Presentation Mode');
  const answer = await ui.info(vscode.l10n.t('Presentation mode is on, so no value is shown.'), off);
  if (answer === off) presentation.set(false);
}
