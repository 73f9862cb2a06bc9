import * as vscode from 'vscode';
import { commands, contexts } from '../ids.ts';
import { describeError } from '../log.ts';
import type { Services } from '../services.ts';
import { later } from '../surface.ts';
import { onMergeChanges } from '../survey/gitapi.ts';
import { fileName } from '../ui/words.ts';
import { conflictsIn } from './conflicts.ts';

const { t } = vscode.l10n;

/** Milliseconds: a merge is many events. */
const settle = 500;

/**
 * Says when git has left encrypted files in conflict, once for each, and lets menus know them. VS Code's git extension tells when to look; git
 * is asked for the versions. @param isShown a page brings its versions together already
 */
export function watchConflicts(services: Services, isShown: (uri: vscode.Uri) => boolean): vscode.Disposable {
  const { ui, log } = services;
  let known = new Set<string>();
  const look = async () => {
    const found = await conflictsIn(services);
    const fresh = found.filter((uri) => !known.has(uri.path) && !isShown(uri));
    known = new Set(found.map(({ path }) => path));
    const paths = Object.fromEntries(found.map(({ fsPath }) => [fsPath, true]));
    await vscode.commands.executeCommand('setContext', contexts.conflicts, paths);
    await vscode.commands.executeCommand('setContext', contexts.hasConflicts, found.length > 0);
    const [first] = fresh;
    if (!first) return;
    const resolve = t('Resolve by Secret');
    const message =
      fresh.length === 1
        ? t('Git has left {0} in conflict: both sides changed it.', fileName(first))
        : t('Git has left {0} encrypted files in conflict: both sides changed them.', fresh.length);
    const verb = await ui.warn(message, resolve);
    if (verb === resolve)
      await vscode.commands.executeCommand(commands.resolve, ...(fresh.length === 1 ? [first] : []));
  };
  const soon = later(settle, () => void look().catch((error) => log.error(describeError(error))));
  const changes = onMergeChanges((count) => {
    if (count > 0 || known.size > 0) soon.start();
  });
  return vscode.Disposable.from(soon, changes);
}
