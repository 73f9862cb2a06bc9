import * as vscode from 'vscode';
import { isForeign } from '../../core/keys/others.ts';
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
  const { vault, clipboard, settings, ui, sessions } = services;
  return {
    commands: {
      [commands.lock]: async () => vault.lock(),
      [commands.unlock]: async (id) => {
        const file = uriOf(id) ?? activeFile();
        const state = file && (await sessions.stateAt(file));
        // gpg and key services have keys, too.
        const others = state?.kind === 'locked' && state.sealed.metadata.foreign.some(({ kind }) => !isForeign(kind));
        if ((await vault.keys()).length > 0 || others) {
          await askToUnlock(services, file);
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
