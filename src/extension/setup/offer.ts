import * as vscode from 'vscode';
import type { FileState } from '../../core/session/state.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';

/** In the workspace's state: what the person answered here. */
const answerKey = 'lockstep.setUp.answer';

/** One quiet question per workspace, when a file on screen shows that it is of use; the answer is remembered. */
export function offerSetUp({ context, sessions, settings, ui }: Services): vscode.Disposable {
  let asked = false;
  const ask = async () => {
    asked = true;
    const yes = vscode.l10n.t('Set Up');
    const no = vscode.l10n.t('Not Here');
    const answer = await ui.info(
      vscode.l10n.t('This workspace has secrets. Lockstep can encrypt them where they are and keep them masked.'),
      yes,
      no,
    );
    if (answer === undefined) return;
    await context.workspaceState.update(answerKey, answer === no ? 'no' : 'yes');
    if (answer === yes) await vscode.commands.executeCommand(commands.setUp);
  };
  return sessions.onDidChange((uri) => {
    if (asked || !settings.offerSetUp || !vscode.workspace.isTrusted) return;
    if (!vscode.workspace.getWorkspaceFolder(uri) || context.workspaceState.get(answerKey) !== undefined) return;
    if (isOfUse(sessions.current(uri)?.state)) void ask();
  });
}

function isOfUse(state: FileState | undefined): boolean {
  if (state?.kind === 'plain') return state.rule === undefined;
  return state?.kind === 'unreadable' && state.error.code === 'NO_IDENTITY';
}
