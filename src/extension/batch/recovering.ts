import * as vscode from 'vscode';
import type { Machine } from '../../core/batch/file.ts';
import { type Recovery, recover } from '../../core/batch/recover.ts';
import { unsearched } from '../elsewhere.ts';
import { exists } from '../exists.ts';
import { isTop } from '../outside.ts';
import type { Feature, Services } from '../services.ts';
import { isUnsaved } from './unsaved.ts';
import { tellRecovery } from './words.ts';

/** Folders of a workspace that can have an unfinished change. */
const maxFound = 20;

/**
 * Finishes what was interrupted in this workspace, or puts it back, and says which: at the start, when the workspace becomes
 * trusted, and when files that held it up are saved.
 */
export function register(services: Services): Feature {
  const { disk, journals } = services.platform;
  const waiting = new Set<string>();
  const look = async (roots: readonly string[]) => {
    if (!disk || !journals || !vscode.workspace.isTrusted) return;
    for (const root of roots) {
      const known = waiting.delete(root);
      const machine = { disk, journals };
      if ((await settle(services, machine, await journals.real(root), known)) === 'waiting') waiting.add(root);
    }
  };
  const start = async () => look(await unfinishedRoots());
  const again = () => {
    if (waiting.size > 0) void look([...waiting]).catch(tell);
  };
  const tell = (error: unknown) => services.log.error(error instanceof Error ? error.name : 'Error');
  void start().catch(tell);
  return {
    commands: {},
    disposable: vscode.Disposable.from(
      vscode.workspace.onDidGrantWorkspaceTrust(() => void start().catch(tell)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void start().catch(tell)),
      vscode.workspace.onDidSaveTextDocument(again),
      vscode.window.tabGroups.onDidChangeTabs(again),
    ),
  };
}

/**
 * Settles the unfinished change of a folder, if there is one, and tells it. Resolves to what came of it.
 * @param known it was told already that it waits.
 */
export async function settle(
  services: Services,
  machine: Machine,
  root: string,
  known = false,
): Promise<Recovery['kind'] | undefined> {
  const found = await recover(machine, root, { unsaved: isUnsaved });
  if (!found) return undefined;
  if (!(known && found.kind === 'waiting')) tellRecovery(services, found);
  services.rules.forget();
  return found.kind;
}

/** The folders of the workspace, those above as far as git's root, and those below, that have a journal. */
async function unfinishedRoots(): Promise<string[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const below = await vscode.workspace.findFiles('**/.lockstep/journal', unsearched, maxFound);
  const above = await Promise.all(folders.map(({ uri }) => rootsAbove(uri)));
  const roots = [...above.flat(), ...below.map((uri) => vscode.Uri.joinPath(uri, '..', '..'))];
  return [...new Set(roots.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath))];
}

async function rootsAbove(folder: vscode.Uri): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  for (let at = folder; ; at = vscode.Uri.joinPath(at, '..')) {
    if (await exists(vscode.Uri.joinPath(at, '.lockstep', 'journal'))) found.push(at);
    if (isTop(at) || (await exists(vscode.Uri.joinPath(at, '.git')))) return found;
  }
}
