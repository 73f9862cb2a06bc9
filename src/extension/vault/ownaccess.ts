import type * as vscode from 'vscode';
import { Refusal } from '../../core/errors.ts';
import type { FormatId } from '../../core/format/document.ts';
import { requireStillOpens } from '../../core/keys/proof.ts';
import type { Services } from '../services.ts';

/** Throws LOCKED_OUT unless one's own keys open a file whose keys were changed; LOCKED after a lock. */
export async function requireOwnAccess(
  { vault }: Services,
  uri: vscode.Uri,
  text: string,
  format: FormatId,
): Promise<void> {
  const { keyring } = vault.keysFor(uri);
  try {
    await requireStillOpens(text, format, keyring);
  } catch (error) {
    throw vault.locked ? new Refusal('LOCKED') : error;
  }
}
