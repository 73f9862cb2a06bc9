import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Feature, Services } from '../services.ts';
import { activeFile } from '../session/tabs.ts';
import { uriOf } from '../session/target.ts';
import { endSecrets } from '../ui/secretbox.ts';
import { lockWhenAway } from '../vault/away.ts';
import { lockWhenIdle } from '../vault/idle.ts';

/** Lock, and unlock by a person's hand; a lock also takes a copied value off the clipboard. */
export function register(services: Services): Feature {
  const { vault, clipboard, settings, ui } = services;
  return {
    commands: {
      [commands.lock]: async () => vault.lock(),
      [commands.unlock]: async (file) => {
        if ((await vault.keys()).length > 0) {
          await askToUnlock(services, uriOf(file) ?? activeFile());
          return;
        }
        // There is nothing to protect yet.
        vault.unlock();
        const importKey = vscode.l10n.t('Import Key');
        const answer = await ui.info(vscode.l10n.t('You have no key yet, so there is nothing to unlock.'), importKey);
        if (answer === importKey) await vscode.commands.executeCommand(commands.importKey);
      },
    },
    disposable: vscode.Disposable.from(
      lockWhenIdle(vault, settings),
      lockWhenAway(vault),
      vault.onDidChange(() => {
        if (!vault.locked) return;
        void clipboard.clear();
        endSecrets();
      }),
    ),
  };
}
