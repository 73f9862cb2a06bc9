import * as vscode from 'vscode';
import { labelOf } from '../../core/sops/label.ts';
import { commands, historyView } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { findLeaf } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { sealedOf } from '../surface.ts';
import { fileName } from '../ui/words.ts';
import { gitOf } from '../versions/reading.ts';
import { type Change, HistoryList, type Subject } from './list.ts';
import { restoreValue } from './old.ts';
import { showOldValue } from './reveal.ts';
import { showHistoryView } from './view.ts';

const { t } = vscode.l10n;

/** Every commit that changed a secret: its old values can be revealed, and restored. */
export function register(services: Services): Feature {
  const list = new HistoryList(services);
  // Others can run our commands, and have no row of ours.
  const withRow = async (ids: readonly unknown[], work: (services: Services, one: Change) => Promise<void>) => {
    const one = list.changes.find((change) => change === ids[0]);
    if (one) await work(services, one);
  };
  return {
    commands: {
      [commands.showHistory]: (...ids) => showHistory(services, list, ids),
      [commands.showOldValue]: (...ids) => withRow(ids, showOldValue),
      [commands.restoreValue]: (...ids) => withRow(ids, restoreValue),
    },
    disposable: showHistoryView(services, list),
  };
}

/** Shows the history of an entry in the panel. The rows come as they are found. */
async function showHistory(services: Services, list: HistoryList, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const found = await findLeaf(services, ids);
  if (!found) return;
  const { uri, leaf } = found;
  // Its values are compared as a file of SOPS has them.
  if (sealedOf(await services.sessions.stateAt(uri))?.dotenvx) {
    void services.ui.info(t('Lockstep knows no history of values of dotenvx.'));
    return;
  }
  const git = gitOf(services, uri);
  const [root, path] = [await git.workTreeOf(uri.fsPath), await git.pathInWorkTree(uri.fsPath)];
  if (root === undefined || path === undefined) {
    void services.ui.info(t('{0} is in no git repository, so it has no history.', fileName(uri)));
    return;
  }
  const subject: Subject = { uri, entry: labelOf(leaf), root: vscode.Uri.file(root), path, git };
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('History of {0}', subject.entry),
    cancellable: true,
  };
  let looked = 0;
  const run = vscode.window.withProgress(options, (progress, token) =>
    list.show(subject, token, (commits) => {
      if (commits - looked < 100) return;
      looked = commits;
      progress.report({ message: t('{0} commits', commits) });
    }),
  );
  await vscode.commands.executeCommand(`${historyView}.focus`);
  await run;
}
