import * as vscode from 'vscode';
import { isArmored, openIdentityFile } from '../../core/age/identity.ts';
import { type KeyItem, readKeyText } from '../../core/age/keytext.ts';
import { unlockPrivateFile } from '../../core/age/sshunlock.ts';
import { LockstepError } from '../../core/errors.ts';
import { visible } from '../../core/tree/path.ts';
import { defaultLabel } from '../../node/machine.ts';
import type { Services } from '../services.ts';

const { t } = vscode.l10n;

/** What was found in a key file: identities that need no pass phrase any more, each with a name. */
export interface Imported {
  readonly keys: readonly { readonly identity: string; readonly label: string }[];
  /** How many identities of age plugins were passed over. */
  readonly plugins: number;
}

/**
 * The identities of a key file's text. A pass phrase, of the file or of an SSH key in it, is asked for until it fits;
 * undefined when the person gives none. Throws BAD_IDENTITY.
 */
export async function readKeys({ ui }: Services, text: string): Promise<Imported | undefined> {
  const plain = isArmored(text) ? await opened(ui, t('the key file'), (words) => openIdentityFile(text, words)) : text;
  if (plain === undefined) return undefined;
  const { identities, locked, plugins } = readKeyText(plain);
  if (identities.length + locked.length === 0) throw new LockstepError('BAD_IDENTITY', { what: 'plugin' });
  const keys = identities.map((item) => ({ identity: item.text, label: labelOf(item) }));
  for (const item of locked) {
    const identity = await opened(ui, nameOf(item), (words) => unlockPrivateFile(item.text, words));
    if (identity === undefined) return undefined;
    keys.push({ identity, label: labelOf(item) });
  }
  return { keys, plugins: plugins.length };
}

/** Asks until the pass phrase fits; undefined when the person gives up. */
async function opened(
  ui: Services['ui'],
  name: string,
  open: (passphrase: string) => Promise<string>,
): Promise<string | undefined> {
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

const nameOf = ({ comment }: KeyItem) => (comment ? t('the SSH key “{0}”', visible(comment)) : t('the SSH key'));

/** In our backups a label is the first comment line above its identity. */
const labelOf = ({ comment }: KeyItem) =>
  comment && !/^(?:created|public key):/.test(comment) ? comment : defaultLabel();
