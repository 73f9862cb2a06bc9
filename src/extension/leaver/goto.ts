import * as vscode from 'vscode';
import { coded } from '../../core/checklist/form.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { labelOf } from '../../core/sops/label.ts';
import { isSealed, readSealed } from '../../core/sops/sealed.ts';
import { readAnywhere } from '../elsewhere.ts';
import { commands, leaversView } from '../ids.ts';
import type { Services } from '../services.ts';
import { openAt } from '../session/tabs.ts';
import { uriOf } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { type Checklists, isInside } from './checklists.ts';

const { t } = vscode.l10n;

/** Shows the checklists; with the address of one and the line of an item, goes to that entry, or to the line where there is no such entry. */
export async function showChecklist(services: Services, lists: Checklists, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const uri = uriOf(ids[0]);
  await lists.load();
  const found = uri && lists.all.find((one) => one.uri.toString() === uri.toString());
  const item = found?.list.items.find(({ line }) => String(line) === ids[1]);
  if (found && item) {
    const file = vscode.Uri.joinPath(found.root, item.file);
    const id = isInside(item.file) ? await idOf(services, file, item.entry) : undefined;
    if (id !== undefined) return void (await vscode.commands.executeCommand(commands.showExposed, file.toString(), id));
    const position = new vscode.Position(item.line, 0);
    return openAt(found.uri, { selection: new vscode.Range(position, position) });
  }
  if (lists.all.length === 0) {
    void services.ui.info(t('There is no checklist in this workspace. Revoke Access makes one.'));
    return;
  }
  await vscode.commands.executeCommand(`${leaversView}.focus`);
}

/** The id of an entry by the name that a checklist has for it; undefined where there is no such entry. */
async function idOf({ platform }: Services, uri: vscode.Uri, entry: string): Promise<string | undefined> {
  try {
    const { format, text } = formatOfBytes(uri.path, await readAnywhere(platform, uri));
    if (!isSealed(text, format)) return undefined;
    return readSealed(text, format).leaves.find((leaf) => coded(labelOf(leaf)) === `\`${entry}\``)?.id;
  } catch {
    return undefined;
  }
}
