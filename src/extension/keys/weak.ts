import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { protectKey } from './protect.ts';

const { t } = vscode.l10n;

/** In the global state: the public keys that a person was told of. */
const toldKey = 'lockstep.weakStore.told';

/**
 * Says once of each key that SecretStorage does not protect it well here, and offers a pass phrase on top: in a browser, as with
 * code-server, and on Linux where VS Code was told to use no keyring. Says, too, when what is stored is damaged.
 */
export function watchKeys(services: Services): vscode.Disposable {
  let looks: Promise<unknown> = tellDamage(services).catch(() => undefined);
  // One after the other, so that nothing is said twice; nobody waits for an answer.
  const look = () => {
    looks = looks.then(() => tellWeakStore(services)).catch(() => undefined);
  };
  look();
  return services.vault.onDidChange(look);
}

async function tellWeakStore(services: Services): Promise<void> {
  const { vault, context, ui } = services;
  const told = toldIn(context);
  const bare = (await vault.keys()).filter(({ wrapped, recipient }) => !wrapped && !told.includes(recipient));
  const why = bare.length > 0 ? await weakness(services) : undefined;
  if (!why) return;
  await context.globalState.update(toldKey, [...told, ...bare.map(({ recipient }) => recipient)]);
  const protect = t('Protect With a Pass Phrase');
  void ui.warn(why, protect).then(async (verb) => {
    if (verb === protect) for (const key of bare) await protectKey(services, key);
  });
}

/** One sentence on how SecretStorage keeps keys here; undefined where the operating system's keyring does. */
async function weakness({ platform }: Services): Promise<string | undefined> {
  if (vscode.env.uiKind === vscode.UIKind.Web)
    return t(
      'This VS Code runs in a browser, which keeps your key in its own storage and not in a keyring: whoever gets the browser’s profile and the server can use it.',
    );
  // The keyring is on the machine of the window.
  if (vscode.env.remoteName !== undefined) return undefined;
  return (await platform.isKeyringOff?.(vscode.env.appRoot))
    ? t('VS Code uses no keyring on this machine, so whoever can read your files can use your key.')
    : undefined;
}

function toldIn({ globalState }: vscode.ExtensionContext): readonly string[] {
  const found = globalState.get<unknown>(toldKey);
  return Array.isArray(found) ? found.filter((one) => typeof one === 'string') : [];
}

/** An entry that was cut is no reason to make a new key: the old one comes back from a backup. */
async function tellDamage({ vault, ui }: Services): Promise<void> {
  if (!(await vault.isDamaged())) return;
  const restore = t('Restore Keys');
  const left = (await vault.keys()).length;
  const message =
    left > 0
      ? t(
          'The entry of your keys in SecretStorage is damaged: {0} can be read. Restore the others from your backup.',
          left,
        )
      : t('The entry of your keys in SecretStorage is damaged: no key can be read. Restore them from your backup.');
  void ui.error(message, restore).then(async (verb) => {
    if (verb === restore) await vscode.commands.executeCommand(commands.restoreKeys);
  });
}
