import * as vscode from 'vscode';
import { visible } from '../../core/tree/path.ts';
import { diskOf } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/**
 * Whether a file may be replaced that is not where it seems to be. A repository can hold a link to any file of this user,
 * under a name such as `.env`: asks about a link that leads out of the workspace folder.
 */
export async function confirmPlace({ ui, platform }: Services, uri: vscode.Uri, verb: string): Promise<boolean> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const outside = folder && (await diskOf(platform, uri)?.leadsOut(uri.fsPath, folder.uri.fsPath));
  if (!outside) return true;
  return ui.confirm(
    t('{0} is a link to a file outside this workspace.', fileName(uri)),
    t('This would replace {0}. Other programs may need it as it is.', visible(outside)),
    verb,
  );
}
