import * as vscode from 'vscode';
import { visible } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** Asks before a named encryption key goes: it says what becomes unreadable. @param verb what is done with the key, on the button */
export const agreedToLoss = ({ ui }: Pick<Services, 'ui'>, question: string, verb: string): Promise<boolean> =>
  ui.gesture(
    question,
    t(
      'What was encrypted with this key, in databases and files anywhere, cannot be decrypted without it. Decrypt it first, or keep the key elsewhere. Undo brings the key back; later only older versions of the file have it.',
    ),
    verb,
  );

/** The same before one gets another value. True without a key that would be lost. */
export async function mayReplaceKey(
  services: Pick<Services, 'ui'>,
  uri: vscode.Uri,
  lost: string | undefined,
): Promise<boolean> {
  if (lost === undefined) return true;
  return agreedToLoss(
    services,
    t('Replace the encryption key {0} in {1}?', visible(lost), fileName(uri)),
    t('Replace'),
  );
}

/** The same before entries go. True without a key among them. */
export async function mayRemoveKeys(
  services: Pick<Services, 'ui'>,
  uri: vscode.Uri,
  lost: readonly string[],
): Promise<boolean> {
  for (const name of lost) {
    const question = t('Remove the encryption key {0} from {1}?', visible(name), fileName(uri));
    if (!(await agreedToLoss(services, question, t('Remove')))) return false;
  }
  return true;
}
