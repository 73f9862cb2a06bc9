import * as vscode from 'vscode';
import { Refusal } from '../../core/errors.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';

/**
 * Whether files may be written and git and rules be asked: only in a workspace that the person trusts. In Restricted Mode
 * a workspace can be looked at, and nothing more; this says so.
 */
export const mayWrite = (services: Services): Promise<boolean> =>
  isTrusted(
    services,
    vscode.l10n.t('This workspace is in Restricted Mode. Lockstep changes files only in a workspace that you trust.'),
  );

/** The same for programs, which may get secrets then. */
export const mayRun = (services: Services): Promise<boolean> =>
  isTrusted(
    services,
    vscode.l10n.t(
      'This workspace is in Restricted Mode. Lockstep gives secrets only to programs in a workspace that you trust.',
    ),
  );

async function isTrusted({ ui }: Services, message: string): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Trust');
  if ((await ui.info(message, manage)) === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}

/** What writes a file, or starts a program such as git, as far as it is offered outside menus of package.json. */
const changes: readonly string[] = [
  commands.addSecret,
  commands.encryptFile,
  commands.exportSecrets,
  commands.importSecrets,
  commands.openTerminal,
  commands.removeQuotes,
  commands.replaceFromFile,
  commands.resolve,
  commands.runWithSecrets,
  commands.saveCopy,
  commands.setUp,
  commands.setValue,
  commands.showHistory,
];

/** Whether a lens, a link or an item of a menu is shown: none that would only say that the workspace is in Restricted Mode. */
export const isOffered = ({ command }: { readonly command: string }): boolean =>
  vscode.workspace.isTrusted || !changes.includes(command);

/** `mayWrite` for what answers with an error. Throws UNTRUSTED. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) throw new Refusal('UNTRUSTED');
}
