import * as vscode from 'vscode';
import { showPath } from '../../core/tree/path.ts';
import { type CommandId, commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { findTarget } from '../session/target.ts';
import { sealedOf } from '../surface.ts';

const { t } = vscode.l10n;

interface Action {
  readonly label: string;
  readonly command: CommandId;
}

/** Everything that can be done with an entry, as a list. */
export async function moreActions(services: Services, ids: readonly unknown[]): Promise<void> {
  const target = await findTarget(services, ids, t('Secret'));
  if (!target) return;
  const { leaf, document, tracked } = target;
  // A binary file is one value, and stays so.
  const isBinary = sealedOf(tracked.state)?.format === 'binary';
  const read: Action[] = [
    { label: `$(clippy) ${t('Copy Value')}`, command: commands.copyValue },
    { label: `$(eye) ${t('Reveal Value')}`, command: commands.revealValue },
  ];
  const write: Action[] = [
    { label: `$(edit) ${t('Set Value…')}`, command: commands.setValue },
    { label: `$(sparkle) ${t('Generate Value…')}`, command: commands.generateValue },
    ...(typeof leaf.path.at(-1) === 'string' && !isBinary
      ? [{ label: `$(symbol-key) ${t('Rename…')}`, command: commands.renameSecret }]
      : []),
    ...(isBinary ? [] : [{ label: `$(trash) ${t('Delete…')}`, command: commands.deleteSecret }]),
  ];
  const editable = tracked.state.kind === 'open' && vscode.workspace.isTrusted;
  const chosen = await services.ui.pick(editable ? [...read, ...write] : read, { title: showPath(leaf.path) });
  if (chosen) await vscode.commands.executeCommand(chosen.command, document.uri.toString(), leaf.id);
}
