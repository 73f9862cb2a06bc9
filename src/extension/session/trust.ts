import * as vscode from 'vscode';
import { Refusal } from '../../core/errors.ts';
import type { Services } from '../services.ts';

/**
 * Whether files may be written and git and rules be asked: only in a workspace that the person trusts. In Restricted Mode
 * a workspace can be looked at, and nothing more; this says so.
 */
export async function mayWrite({ ui }: Services): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Trust');
  const message = vscode.l10n.t(
    'This workspace is in Restricted Mode. Lockstep changes files only in a workspace that you trust.',
  );
  if ((await ui.info(message, manage)) === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}

/** The same for what answers with an error. Throws UNTRUSTED. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) throw new Refusal('UNTRUSTED');
}
