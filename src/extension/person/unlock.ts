import * as vscode from 'vscode';
import { isOurs } from '../../core/errors.ts';
import { visible } from '../../core/tree/path.ts';
import { commands } from '../ids.ts';
import type { KeyInfo, Services } from '../services.ts';

const { t } = vscode.l10n;

/** After so many wrong ones it is more likely forgotten than mistyped. */
const tries = 5;

/**
 * Asks for the pass phrase of a key, and opens the key until the next lock. @returns whether it is open. Says what is wrong when it is
 * not: a pass phrase that does not fit, or an entry of SecretStorage that is damaged. Neither changes anything.
 * @param others keys that are needed too: those that the same pass phrase opens are not asked for again.
 */
export async function askPassphrase(
  services: Services,
  key: KeyInfo,
  others: readonly KeyInfo[] = [],
): Promise<boolean> {
  const { ui, vault, access } = services;
  const name = visible(key.label);
  let prompt = t('It opens your key until Lockstep is locked.');
  for (let n = 1; n <= tries; n++) {
    const answer = await ui.secret({ title: t('Pass Phrase of “{0}”', name), prompt });
    if (!answer || !('text' in answer)) return false;
    try {
      // It takes a second or more, in which nothing else would show that something goes on.
      const options = { location: vscode.ProgressLocation.Window, title: t('Opening the key “{0}”', name) };
      await vscode.window.withProgress(options, () => vault.wake(key.recipient, answer.text));
      access.record({ purpose: 'unlock', key: key.recipient, by: 'pass phrase' });
      for (const { recipient } of others) await vault.wake(recipient, answer.text).catch(passOver);
      return true;
    } catch (error) {
      if (!isOurs(error)) throw error;
      if (error.code === 'BAD_IDENTITY') return sayDamaged(services, name);
      if (error.code !== 'BAD_PASSPHRASE') throw error;
      prompt = t('This is not the pass phrase. Try again ({0} of {1}).', n + 1, tries);
    }
  }
  const importKey = t('Import Key');
  void ui
    .warn(
      t(
        '{0} wrong pass phrases for “{1}”. Nothing was changed, and you can try again. If you forgot it, import the key from your backup.',
        tries,
        name,
      ),
      importKey,
    )
    .then((verb) => verb === importKey && vscode.commands.executeCommand(commands.importKey));
  return false;
}

/** Another pass phrase, or a damaged key: that is said when it is its turn. */
function passOver(error: unknown): void {
  if (!isOurs(error) || !['BAD_PASSPHRASE', 'BAD_IDENTITY'].includes(error.code)) throw error;
}

function sayDamaged({ ui }: Services, name: string): false {
  const importKey = t('Import Key');
  void ui
    .error(
      t(
        'The key “{0}” in SecretStorage is damaged, so no pass phrase opens it. Import it from your backup: that takes its place.',
        name,
      ),
      importKey,
    )
    .then((verb) => verb === importKey && vscode.commands.executeCommand(commands.importKey));
  return false;
}
