import * as vscode from 'vscode';
import { idOfPath } from '../../core/change/locate.ts';
import { type Path, showPath } from '../../core/tree/path.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** Versions of a file that are looked at. */
const most = 200;

/** Says so where git has a value that was moved, and puts it on the list of values to replace. */
export async function tellPast(
  { platform, ui, exposed }: Services,
  source: vscode.Uri,
  target: vscode.Uri,
  path: Path,
  value: string,
): Promise<void> {
  if (!platform.git || source.scheme !== 'file') return;
  const spelled = [value, JSON.stringify(value).slice(1, -1)];
  for await (const { bytes, commit } of platform.git.versionsOf(source.fsPath, most)) {
    const text = new TextDecoder().decode(bytes);
    if (!spelled.some((one) => text.includes(one))) continue;
    await exposed.note(target, { id: idOfPath(0, path), name: showPath(path), commit });
    const show = t('Show Values in Git History');
    const words = t('Git history still has the value in {0}. Replace it at its source.', fileName(source));
    if ((await ui.warn(words, show)) === show)
      await vscode.commands.executeCommand(commands.showExposed, target.toString());
    return;
  }
}
