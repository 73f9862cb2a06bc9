import * as vscode from 'vscode';
import { visible } from '../../core/tree/path.ts';
import { askForKeys } from '../person/gestures.ts';
import { askNewPassphrase } from '../person/passphrase.ts';
import type { KeyInfo, Services } from '../services.ts';

const { t } = vscode.l10n;

/** Puts a key under a pass phrase of the person's choice, or under another one. */
export async function protectKey(services: Services, key: KeyInfo): Promise<void> {
  const { ui, vault } = services;
  if (!(await askForKeys(services, [key]))) return;
  const passphrase = await askNewPassphrase(services, {
    title: t('Protect Key (1 of 2): New Pass Phrase'),
    prompt: t('Lockstep asks for it once after each start and after each lock.'),
    titleAgain: t('Protect Key (2 of 2): Pass Phrase Again'),
    promptAgain: t('Type or paste it. Without the pass phrase or a backup, the key is lost.'),
  });
  if (passphrase === undefined) return;
  // Boxes can be filled in by a command; whoever did that would know the pass phrase, and this person would not.
  const sure = await ui.gesture(
    t('Keep the key {0} under this pass phrase?', visible(key.label)),
    t(
      'From now on the key opens only with the pass phrase that was just entered. If that was not you, it was another extension.',
    ),
    t('Protect Key'),
  );
  if (!sure) return;
  await vault.wrap(key.recipient, passphrase);
  await offerToForget(services);
  void ui.info(
    t(
      'The key {0} is now encrypted in SecretStorage: whoever copies that gets nothing without the pass phrase.',
      visible(key.label),
    ),
  );
}

/** A damaged entry that was put aside may hold the key as it was before the pass phrase. */
async function offerToForget({ ui, vault }: Services): Promise<void> {
  if (!(await vault.hasAside())) return;
  const sure = await ui.confirm(
    t('Delete the damaged copy of your keys, too?'),
    t(
      'An entry of SecretStorage that was damaged once is still kept, and may hold keys without a pass phrase. Delete it if none of your keys is missing.',
    ),
    t('Delete Damaged Copy'),
  );
  if (sure) await vault.forgetAside();
}

/** Keeps a key without a pass phrase again. */
export async function unprotectKey(services: Services, key: KeyInfo): Promise<void> {
  const { ui, vault } = services;
  if (!(await askForKeys(services, [key]))) return;
  const sure = await ui.gesture(
    t('Keep the key {0} without a pass phrase?', visible(key.label)),
    t('Then it is as safe as the keyring of the operating system, and no safer.'),
    t('Remove Pass Phrase'),
  );
  if (sure) await vault.wrap(key.recipient, undefined);
}
