import * as vscode from 'vscode';
import { randomBytes, utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { publicMode } from '../../core/platform/disk.ts';
import { visible } from '../../core/tree/path.ts';
import { diskOf } from '../elsewhere.ts';
import type { KeyInfo, Services } from '../services.ts';
import { activeFile } from '../session/tabs.ts';
import { type Place, projectOf, projectText, projectUri } from './places.ts';

const { t } = vscode.l10n;

/** The root of the repository that one works in: of the file in front, else of the first folder of the workspace. */
export async function rootHere(): Promise<vscode.Uri | undefined> {
  const active = activeFile();
  if (active && vscode.workspace.getWorkspaceFolder(active)) return rootOf(active);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder && rootOf(vscode.Uri.joinPath(folder, 'x'));
}

/** The root of the repository that a file is in; without one, the folder of the workspace, or its own. */
export async function rootOf(file: vscode.Uri): Promise<vscode.Uri> {
  const folder = vscode.workspace.getWorkspaceFolder(file)?.uri ?? vscode.Uri.joinPath(file, '..');
  return (await projectOf(file))?.root ?? folder;
}

/** A work tree as a place for keys. Its repository gets an id if it has none. Throws what writing throws. */
export async function placeOf(services: Services, root: vscode.Uri): Promise<Place> {
  const here = await projectOf(vscode.Uri.joinPath(root, 'x'));
  const known = here?.root.toString() === root.toString() ? here.id : undefined;
  const id = known ?? (await writeId(services, root));
  return { id, name: root.path.split('/').at(-1) || root.path, root: root.toString() };
}

async function writeId({ platform }: Services, root: vscode.Uri): Promise<string> {
  const id = [...randomBytes(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const uri = projectUri(root);
  const disk = diskOf(platform, uri);
  if (!disk) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  const folder = vscode.Uri.joinPath(uri, '..');
  // It came with the repository, and may lead anywhere.
  if ((await disk.isLink(folder.fsPath)) || (await disk.isLink(uri.fsPath)))
    throw new LockstepError('NOT_A_FILE', { what: 'link' });
  await vscode.workspace.fs.createDirectory(folder);
  const found = await disk.readIfThere(uri.fsPath);
  await disk.write(uri.fsPath, utf8(projectText(id)), found?.hash, { newMode: publicMode });
  return id;
}

/** The person's own keys that a file names and that may not be used where it is. */
export async function boundElsewhere(
  { vault }: Services,
  file: vscode.Uri,
  recipients: readonly string[],
): Promise<readonly KeyInfo[]> {
  const bound = (await vault.keys()).filter(({ places, recipient }) => places && recipients.includes(recipient));
  if (bound.length === 0) return [];
  const usable = new Set((await vault.keysIn(file)).map(({ recipient }) => recipient));
  return bound.filter(({ recipient }) => !usable.has(recipient));
}

/** Lets a project key be used in one more work tree, if a person says so. @returns whether it may be. */
export async function shareWith(services: Services, key: KeyInfo, root: vscode.Uri): Promise<boolean> {
  const { ui, vault } = services;
  const here = await projectOf(vscode.Uri.joinPath(root, 'x'));
  const places = key.places ?? [];
  const again = places.find(({ id }) => id === here?.id);
  const sure = await ui.gesture(
    t('Use the key {0} in {1}, too?', visible(key.label), visible(root.fsPath)),
    [
      again
        ? t(
            'This folder says that it is the repository {0}, for which the key is. So would any copy of its files.',
            again.name,
          )
        : t('This is another repository than those that the key is for.'),
      t('From then on, files that are encrypted for the key open here, also those that somebody copied here.'),
      t('If you did not ask for this, another extension did.'),
    ].join('\n\n'),
    t('Use Key Here'),
  );
  if (!sure) return false;
  const place = await placeOf(services, root);
  await vault.bind(key.recipient, [...places.filter((one) => one.root !== place.root), place]);
  return true;
}
