import * as vscode from 'vscode';
import { sameRecipient } from '../../core/age/sshkey.ts';
import { wipe } from '../../core/bytes.ts';
import { isOurs } from '../../core/errors.ts';
import { othersAsleep, wakeOthers } from '../../core/keys/others.ts';
import { unwrapDataKey } from '../../core/keys/unwrap.ts';
import { isAge, kindNames } from '../../core/sops/kinds.ts';
import type { WrappedKey } from '../../core/sops/masterkey.ts';
import type { Metadata } from '../../core/sops/metadata.ts';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import type { KeyInfo, Services } from '../services.ts';
import { askPassphrase } from './unlock.ts';

const { t } = vscode.l10n;

/**
 * Questions that only a person can answer. Any extension may run our commands, press the button of a message, take the item of a
 * list and accept what is in a box, each by a command of VS Code; a modal dialog it cannot answer.
 */

/**
 * Lets the keys be used again, if a person says so: by a click, or by the pass phrase of the key that the file needs, which nobody
 * else knows. @param file what is to be opened. @returns whether it can be now.
 */
export async function askToUnlock(services: Services, file?: vscode.Uri): Promise<boolean> {
  const { ui, vault, sessions } = services;
  if (!vault.locked && !(file && (await sessions.stateAt(file)).kind === 'locked')) return true;
  const needed = await neededKey(services, file);
  if (needed) return askPassphrase(services, needed);
  if (!vault.locked) return wakeFor(services, file);
  const sure = await ui.gesture(
    t('Lockstep is locked.'),
    t(
      'Unlocked, this window can decrypt with your keys until it is locked again. If you did not ask for this, leave it locked.',
    ),
    t('Unlock'),
  );
  if (sure) vault.unlock();
  return !vault.locked && wakeFor(services, file);
}

/**
 * Lets a person be asked for the pass phrase of a key that is not age's, as gpg does in a window of its own, which can be given up here.
 * @returns whether the file can be opened now. Throws what `wakeOthers` throws.
 */
async function wakeFor(
  { vault, sessions, platform, access }: Services,
  file: vscode.Uri | undefined,
): Promise<boolean> {
  if (!file) return !vault.locked;
  const state = await sessions.stateAt(file);
  if (state.kind !== 'locked' || vault.locked) return !vault.locked;
  await wake({ vault, platform, access }, file, state.sealed.metadata.groups.flat());
  return true;
}

/**
 * The same for many files, before the first of them is changed: those that the keys at hand do not open. gpg's agent keeps a pass phrase, so it
 * asks once. Throws what `wakeOthers` throws.
 */
export async function wakeForAll(
  services: Services,
  files: readonly { readonly uri: vscode.Uri; readonly metadata: Metadata }[],
): Promise<void> {
  for (const { uri, metadata } of files) {
    if (services.vault.locked) return;
    const wanted = metadata.groups.flat();
    if (!wanted.every(({ kind }) => isAge(kind)) && !(await opensQuietly(services, uri, metadata)))
      await wake(services, uri, wanted);
  }
}

/** What else is wrong with a file, whoever works on it says. */
async function opensQuietly({ vault }: Services, uri: vscode.Uri, metadata: Metadata): Promise<boolean> {
  try {
    wipe((await unwrapDataKey(metadata, vault.keysFor(uri).keyring)).raw);
    return true;
  } catch (error) {
    if (!isOurs(error)) throw error;
    return false;
  }
}

async function wake(
  { vault, platform, access }: Pick<Services, 'vault' | 'platform' | 'access'>,
  file: vscode.Uri,
  wanted: readonly WrappedKey[],
): Promise<void> {
  if (!othersAsleep(wanted)) return;
  // Whether a Vault may be asked is a question of our own.
  if (!othersAsleep(wanted.filter(({ kind }) => kind === 'pgp'))) {
    await wakeOthers(wanted);
    access.record({ purpose: 'unlock', uri: file, key: kindNames.hc_vault, by: 'sops' });
    vault.renew();
    return;
  }
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('Waiting for the pass phrase that gpg asks for'),
    cancellable: true,
  };
  await vscode.window.withProgress(options, async (_, cancelled) => {
    const given = cancelled.onCancellationRequested(() => platform.gpg?.stop());
    await wakeOthers(wanted).finally(() => given.dispose());
  });
  access.record({ purpose: 'unlock', uri: file, key: 'PGP', by: 'gpg' });
  vault.renew();
}

/** Lets these keys be used, if a person says so: all of them, each by its pass phrase if it has one. */
export async function askForKeys(services: Services, keys: readonly KeyInfo[]): Promise<boolean> {
  const own = async () => {
    const now = await services.vault.keys();
    return now.filter(({ asleep, recipient }) => asleep && keys.some((key) => key.recipient === recipient));
  };
  for (let asleep = await own(); asleep[0]; asleep = await own())
    if (!(await askPassphrase(services, asleep[0], asleep.slice(1)))) return false;
  return askToUnlock(services);
}

/** The same after a click in a page of ours, which no command can make: only a pass phrase is asked for. */
export async function unlockByClick(services: Services, file: vscode.Uri): Promise<void> {
  const needed = await neededKey(services, file);
  if (needed) await askPassphrase(services, needed);
  else {
    services.vault.unlock();
    await wakeFor(services, file);
  }
}

/** The key whose pass phrase a file needs, or, without a file, all keys: undefined where another one will do. */
async function neededKey({ vault, sessions }: Services, file: vscode.Uri | undefined): Promise<KeyInfo | undefined> {
  const state = file && (await sessions.stateAt(file));
  const readers = state && 'sealed' in state ? state.sealed.metadata.recipients : undefined;
  const keys = file && readers ? await vault.keysIn(file) : await vault.keys();
  const able = keys.filter(({ recipient }) => !readers || readers.some((one) => sameRecipient(one, recipient)));
  if (!readers && able.some(({ wrapped }) => !wrapped)) return undefined;
  // With several groups one key may not be enough: it is the file that says whether it is open.
  if (readers && vault.locked && able.some(({ wrapped }) => !wrapped)) return undefined;
  const asleep = able.filter((key) => key.asleep);
  return asleep.find(({ forNew }) => forNew) ?? asleep[0];
}

/** Ends presentation mode, if a person says so. */
export async function askToEndPresentation({ ui, presentation }: Services): Promise<void> {
  if (!presentation.on) return;
  const sure = await ui.gesture(
    t('Presentation mode is on, so no value is shown.'),
    t('When it ends, a value can be shown on this screen again.'),
    t('End Presentation Mode'),
  );
  if (sure) presentation.set(false);
}

/** Whether a value of a file may be copied or shown: at once for whoever works in that file, else after a question. */
export async function mayTell(
  { ui, presence }: Services,
  document: vscode.TextDocument,
  message: string,
  verb: string,
): Promise<boolean> {
  if (presence.isIn(document)) return true;
  return ui.gesture(
    message,
    t(
      'You are asked because this file is not the one that you work in. If you did not ask for this, another extension did.',
    ),
    verb,
  );
}

/**
 * Whether these private keys may become keys of one's own: files are encrypted for those without a question, so nobody else may
 * put one among them. Those that are in SecretStorage already need no question.
 */
export async function mayTakeKeys(
  { ui, vault }: Services,
  keys: readonly { readonly recipient: string; readonly label: string }[],
): Promise<boolean> {
  const known = new Set((await vault.keys()).map((key) => key.recipient));
  const fresh = keys.filter(({ recipient }) => !known.has(recipient));
  if (fresh.length === 0) return true;
  return ui.gesture(
    fresh.length === 1
      ? t('Import this key into SecretStorage?')
      : t('Import these {0} keys into SecretStorage?', fresh.length),
    [
      ...fresh.map(({ label, recipient }) => `${visible(label)}: ${shortRecipient(recipient)}`),
      '',
      t('From then on it counts as yours. If you did not ask for this, another extension did.'),
    ].join('\n'),
    t('Import Key'),
  );
}
