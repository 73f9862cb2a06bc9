import * as vscode from 'vscode';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import type { KeyInfo, Services } from '../services.ts';
import { tellNoKey } from '../vault/ownkey.ts';

const { t } = vscode.l10n;

/** A key as one row of a list. */
export function keyItem(key: KeyInfo): { label: string; description: string; key: KeyInfo } {
  return { label: visible(key.label), description: shortRecipient(key.recipient), key };
}

/** Copies the public key: the only one at once, else the one picked. */
export async function copyPublicKey(services: Services): Promise<void> {
  const keys = await services.vault.keys();
  if (keys.length === 0) return tellNoKey(services);
  const key =
    keys.length === 1 ? keys[0] : (await services.ui.pick(keys.map(keyItem), { title: t('Copy My Public Key') }))?.key;
  if (key) await copyRecipient(services, key);
}

export async function copyRecipient({ ui }: Services, key: KeyInfo): Promise<void> {
  await ui.writeClipboard(key.recipient);
  void ui.info(
    t(
      'The public key of {0} is copied. It is not secret: send it to somebody who can read the files.',
      visible(key.label),
    ),
  );
}
