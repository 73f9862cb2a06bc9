import * as vscode from 'vscode';
import { bareText } from '../../core/change/quotes.ts';
import { showPath } from '../../core/tree/path.ts';
import { textOfScalar } from '../../core/tree/typed.ts';
import { type CommandId, commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { findTarget } from '../session/target.ts';
import { openedOf, sealedOf } from '../surface.ts';
import type { Choice } from '../ui/ui.ts';

const { t } = vscode.l10n;

interface Action extends Choice {
  readonly command: CommandId;
}

/** Everything that can be done with an entry, as a list. */
export async function moreActions(services: Services, ids: readonly unknown[]): Promise<void> {
  const target = await findTarget(services, ids, t('Secret'));
  if (!target) return;
  const { leaf, document, tracked } = target;
  // A binary file is one value, and stays so.
  const isBinary = sealedOf(tracked.state)?.format === 'binary';
  const value = openedOf(tracked.state)?.value(leaf.id);
  const isBytes = value !== undefined && textOfScalar(value) === undefined;
  const isQuoted = sealedOf(tracked.state)?.format === 'dotenv' && bareText(value) !== undefined;
  const read: Action[] = [
    { icon: 'copy', label: t('Copy Value'), command: commands.copyValue },
    services.revealed.is(document.uri.toString(), leaf.id)
      ? { icon: 'eye-closed', label: t('Hide Value'), command: commands.hideValues }
      : { icon: 'eye', label: t('Reveal Value'), command: commands.revealValue },
  ];
  const versions: Action[] = [
    ...(vscode.workspace.isTrusted && sealedOf(tracked.state)
      ? [{ icon: 'history', label: t('Show History'), command: commands.showHistory }]
      : []),
    { icon: 'diff', label: t('Compare Secrets…'), command: commands.compareSecrets },
  ];
  const write: Action[] = [
    ...(isBytes ? [] : [{ icon: 'edit', label: t('Set Value…'), command: commands.setValue }]),
    isBinary
      ? { icon: 'file-binary', label: t('Replace From File…'), command: commands.replaceFromFile }
      : { icon: 'sparkle', label: t('Generate Value…'), command: commands.generateValue },
    ...(isBinary ? [{ icon: 'save-as', label: t('Save a Copy…'), command: commands.saveCopy }] : []),
    ...(typeof leaf.path.at(-1) === 'string' && !isBinary
      ? [{ icon: 'symbol-key', label: t('Rename…'), command: commands.renameSecret }]
      : []),
    ...(isQuoted ? [{ icon: 'quote', label: t('Remove Quotes'), command: commands.removeQuotes }] : []),
    { icon: 'calendar', label: t('Owner and Expiry…'), command: commands.setPolicy },
  ];
  const remove: Action[] = isBinary ? [] : [{ icon: 'trash', label: t('Delete…'), command: commands.deleteSecret }];
  const editable = tracked.state.kind === 'open' && vscode.workspace.isTrusted;
  const chosen = await services.ui.pick(
    editable ? [...read, ...write, ...versions, ...remove] : [...read, ...versions],
    { title: showPath(leaf.path) },
  );
  if (chosen) await vscode.commands.executeCommand(chosen.command, document.uri.toString(), leaf.id);
}
