import * as vscode from 'vscode';
import { showPath } from '../../core/tree/path.ts';
import { commands } from '../ids.ts';
import { askToEndPresentation, mayTell } from '../person/gestures.ts';
import type { Feature, Services } from '../services.ts';
import { again, findTarget, type Target } from '../session/target.ts';
import { editorsOf } from '../surface.ts';
import { fileName } from '../ui/words.ts';
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
  if (services.presentation.on) return askToEndPresentation(services);
  const target = await findTarget(services, ids, vscode.l10n.t('Reveal Value'));
  if (!target) return;
  if (shownText(target) === undefined) {
    await vscode.commands.executeCommand(commands.explainFile, target.document.uri.toString());
    return;
  }
  if (!(await mayReveal(services, target))) return;
  const editor = editorsOf(target.document.uri)[0] ?? (await vscode.window.showTextDocument(target.document));
  // While we waited: a lock, another text, a presentation, or nobody at the window any more.
  const text = shownText(target.tracked.state.kind === 'plain' ? target : await again(services, target));
  if (text === undefined) return;
  if (editor.document.version !== target.tracked.version) return;
  if (services.presentation.on || !vscode.window.state.focused) return;
  const span = shownSpan(target);
  const start = editor.document.positionAt(span.start);
  editor.revealRange(new vscode.Range(start, start));
  screen.reveal.start(editor, span, target.leaf.node.span, text, services.settings.revealSeconds);
  screen.paint(editor);
}

/** A value of a plain file stands there for every extension to read. */
async function mayReveal(services: Services, { document, tracked, leaf }: Target): Promise<boolean> {
  if (tracked.state.kind === 'plain') return true;
  const message = vscode.l10n.t('Show the value of {0} in {1}?', showPath(leaf.path), fileName(document.uri));
  return mayTell(services, document, message, vscode.l10n.t('Reveal Value'));
}
