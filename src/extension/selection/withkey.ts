import * as vscode from 'vscode';
import { decryptWithKey, encryptWithKey } from '../../core/enckeys/payload.ts';
import { visible } from '../../core/tree/path.ts';
import { mayTell } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import { busy } from './ask.ts';
import { selectedValue, show } from './decrypt.ts';
import { replaceSelection } from './encrypt.ts';
import { chooseKey, keyText } from './namedkeys.ts';

const { t } = vscode.l10n;

/** Puts what a named key makes of the selected text in its place, as one undo step. */
export function encryptSelectionWithKey(services: Services): Promise<void> {
  return replaceSelection(services, async (document, text) => {
    const chosen = await chooseKey(services, document, t('Encrypt With Key'));
    const key = chosen && (await keyText(services, chosen));
    return key === undefined ? undefined : busy(t('Encrypting'), () => encryptWithKey(key, text));
  });
}

/** Shows in its place what a named key opens. */
export async function decryptSelectionWithKey(services: Services): Promise<void> {
  const selected = await selectedValue(services);
  if (!selected) return;
  const { document } = selected.editor;
  const chosen = await chooseKey(services, document, t('Decrypt With Key'));
  if (!chosen) return;
  const name = visible(chosen.name);
  const message = t('Show the value that {0} opens in {1}?', name, fileName(document.uri));
  if (!(await mayTell(services, document, message, t('Decrypt With Key')))) return;
  const key = await keyText(services, chosen);
  if (key === undefined) return;
  const text = await busy(t('Decrypting'), () => decryptWithKey(key, selected.value));
  await show(services, selected, t('value of the encryption key {0}', name), text);
}
