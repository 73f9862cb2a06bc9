import * as vscode from 'vscode';
import { isArmored } from '../../core/age/armored.ts';
import { isUnnamed } from '../../core/age/plugin/names.ts';
import { openIdentityFile } from '../../core/age/private/identityfile.ts';
import { readKeyText } from '../../core/age/private/keytext.ts';
import type { PrivateKey } from '../../core/age/private/privatekey.ts';
import { unlockPrivateFile } from '../../core/age/private/sshunlock.ts';
import { wrapKey } from '../../core/age/wrap.ts';
import { equal, randomBytes } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { visible } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';

const { t } = vscode.l10n;

/** What was found in a key file: keys that need no pass phrase any more, each with a name. */
export interface Imported {
  readonly keys: readonly { readonly key: PrivateKey; readonly recipient: string; readonly label: string }[];
}

/**
 * The keys of a key file's text, the caller's to wipe. Each is named by the comment above it, as in a backup, or by that of an SSH
 * key, or else as the place is named. A pass phrase, of the file or of an SSH key in it, is asked for until it
 * fits; undefined when the person gives none. Throws BAD_IDENTITY, and as `requireOwnName`.
 */
export async function readKeys({ ui }: Services, text: string, name: string): Promise<Imported | undefined> {
  const plain = isArmored(text) ? await opened(ui, t('the key file'), (words) => openIdentityFile(text, words)) : text;
  if (plain === undefined) return undefined;
  const { keys, locked } = readKeyText(plain);
  const all = [...keys];
  for (const { text, comment } of locked) {
    const key = await opened(ui, nameOf(comment), (words) => unlockPrivateFile(text, words));
    if (key === undefined) return undefined;
    all.push({ key, comment });
  }
  const named = all.map(async ({ key, comment }) => ({
    key,
    recipient: await key.recipient(),
    label: comment ?? key.comment ?? name,
  }));
  const found = await Promise.all(named);
  try {
    for (const { key, recipient } of found) await requireOwnName(key, recipient);
  } catch (error) {
    for (const { key } of found) key.wipe();
    throw error;
  }
  return { keys: found };
}

/**
 * The public key of a plugin's key is what somebody wrote beside it: before files are encrypted for it, the plugin is used once to see that
 * the two belong together. Throws BAD_IDENTITY (`plugin-public`, `plugin-other`), and PLUGIN.
 */
export async function requireOwnName(key: PrivateKey, recipient: string): Promise<void> {
  if (key.plugin === undefined) return;
  if (isUnnamed(recipient)) throw new LockstepError('BAD_IDENTITY', { what: 'plugin-public' });
  const sent = randomBytes(32);
  const come = await key.unwrap(await wrapKey(sent, recipient));
  if (!come || !equal(sent, come)) throw new LockstepError('BAD_IDENTITY', { what: 'plugin-other' });
}

/** Asks until the pass phrase fits; undefined when the person gives up. */
async function opened<T>(
  ui: Services['ui'],
  name: string,
  open: (passphrase: string) => Promise<T>,
): Promise<T | undefined> {
  let prompt = t('The pass phrase of {0}.', name);
  for (;;) {
    const answer = await ui.secret({ title: t('Import Key: Pass Phrase'), prompt });
    if (!answer || !('text' in answer)) return undefined;
    try {
      return await open(answer.text);
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code !== 'BAD_PASSPHRASE') throw error;
      prompt = t('The pass phrase does not open {0}. Try again.', name);
    }
  }
}

const nameOf = (comment: string | undefined) => (comment ? t('the SSH key “{0}”', visible(comment)) : t('the SSH key'));
