import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { encryptAll } from '../session/encrypting.ts';
import { findFiles } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';

/** Encrypts the files that the command is about. */
export async function encryptFiles(services: Services, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const files = findFiles(ids);
  if (files.length > 0) await encryptAll(services, files);
  else void services.ui.info(vscode.l10n.t('Open the file that you want to encrypt, or choose it in the explorer.'));
}
