import * as vscode from 'vscode';
import { pluginIdentity, pluginIdentityText } from '../../core/age/plugin/names.ts';
import { PrivateKey } from '../../core/age/private/privatekey.ts';
import { checkRecipient } from '../../core/age/recipient.ts';
import type { Services } from '../services.ts';
import { type Imported, requireOwnName } from './read.ts';

const { t } = vscode.l10n;

/**
 * The key of an age plugin by the plugin's name alone, the caller's to wipe: the plugin knows which key is meant, and its public key is asked
 * for. Undefined when the person gives up. Throws as `requireOwnName`.
 */
export async function askPluginKey({ ui }: Services): Promise<Imported | undefined> {
  const title = t('Import Key: age Plugin');
  const name = await ui.input({
    title,
    prompt: t('The name of the plugin, such as yubikey. Its program age-plugin-yubikey must be installed.'),
    validate: (text) =>
      identityOf(text) === undefined ? t('A plugin has a name of letters, digits, “-”, “_”, “+” and “.”.') : undefined,
  });
  const identity = name === undefined ? undefined : identityOf(name);
  if (identity === undefined) return undefined;
  const typed = await ui.input({
    title,
    prompt: t('Its public key, as the plugin printed it: age1…'),
    validate: (text) => (isRecipient(text) ? undefined : t('This is not a public key of age.')),
  });
  if (typed === undefined || !isRecipient(typed)) return undefined;
  const recipient = checkRecipient(typed);
  const key = PrivateKey.of(identity, recipient);
  await requireOwnName(key, recipient);
  return { keys: [{ key, recipient, label: `age-plugin-${key.plugin}` }] };
}

/** The identity without anything in it; undefined for what is no name. */
function identityOf(name: string): string | undefined {
  try {
    const text = pluginIdentityText(name.trim().toLowerCase(), new Uint8Array());
    return pluginIdentity(text) && text;
  } catch {
    return undefined;
  }
}

function isRecipient(text: string): boolean {
  try {
    return checkRecipient(text).startsWith('age1');
  } catch {
    return false;
  }
}
