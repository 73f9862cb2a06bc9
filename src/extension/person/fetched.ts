import * as vscode from 'vscode';
import { LockstepError, Refusal } from '../../core/errors.ts';
import { managerOf } from '../../core/managers/reference.ts';
import type { Fetched, Stored } from '../../core/platform/managers.ts';
import type { Services } from '../services.ts';

/**
 * Values as a program gets them: with the secrets of other managers in place of references. Nothing is kept, and no program is started where there
 * is no reference. Throws UNTRUSTED_START in a workspace that is not trusted, MANAGER for what does not come.
 * @param uris the files or folders that they are from
 */
export async function fetchSecrets(
  { platform }: Pick<Services, 'platform'>,
  all: readonly Stored[],
  uris: readonly vscode.Uri[],
): Promise<readonly Fetched[]> {
  const first = all.find(({ value }) => managerOf(value));
  if (first && !vscode.workspace.isTrusted) throw new Refusal('UNTRUSTED_START', { path: first.path });
  if (platform.managers) {
    const folders = [...uris, ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
    const paths = folders.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
    return platform.managers.fetch(all, paths);
  }
  const manager = first && managerOf(first.value);
  if (manager) throw new LockstepError('MANAGER', { what: 'no-programs', manager, path: first.path });
  return all.map(({ value }) => ({ value, manager: undefined }));
}

/** The secret that a value of a file stands for; the value itself where it is no reference. Throws as `fetchSecrets`. */
export async function fetchSecret(services: Pick<Services, 'platform'>, one: Stored, uri: vscode.Uri): Promise<string> {
  if (!managerOf(one.value)) return one.value;
  const [found] = await fetchSecrets(services, [one], [vscode.Uri.joinPath(uri, '..')]);
  return found?.value ?? one.value;
}
