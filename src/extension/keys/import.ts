import * as vscode from 'vscode';
import { keyText } from '../../core/age/armored.ts';
import { parseIdentities } from '../../core/age/private/keytext.ts';
import type { KeyPlaces } from '../../core/platform/keyplaces.ts';
import { readAnywhere } from '../elsewhere.ts';
import { mayTakeKeys } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { type Imported, readKeys } from './read.ts';

const { t } = vscode.l10n;

interface Source {
  readonly label: string;
  readonly description?: string;
  /** What to say about the place that the key still is in. */
  readonly after?: string;
  read(services: Services): Promise<Imported | undefined>;
}

/** sops's own limit. */
const maxKeyFile = 16 * 1024 * 1024;

/** Takes age identities and SSH keys into SecretStorage, from where the person says. */
export async function importKey(services: Services): Promise<void> {
  const { keyPlaces } = services.platform;
  const there = keyPlaces ? [...(await standard(keyPlaces)), ...(await sshKeys(keyPlaces))] : [];
  const sources = [typed(), clipboard(), ...there, file()];
  const source = await services.ui.pick(sources, {
    title: t('Import Key'),
    placeholder: t('Where is your age or SSH key?'),
  });
  const found = await source?.read(services);
  if (!found) return;
  const labels: string[] = [];
  try {
    if (!(await mayTakeKeys(services, found.keys))) return;
    const before = new Set((await services.vault.keys()).map((key) => key.recipient));
    for (const { key, recipient, label } of found.keys) {
      const { label: kept } = await services.vault.add(key, label);
      if (!before.has(recipient)) labels.push(kept);
    }
  } finally {
    for (const { key } of found.keys) key.wipe();
  }
  const left = found.plugins > 0 && t('Keys for age plug-ins were skipped.');
  void services.ui.info([outcome(labels), left, source?.after].filter(Boolean).join(' '));
}

function outcome(labels: readonly string[]): string {
  if (labels.length === 0) return t('You already have this key.');
  return labels.length === 1
    ? t('The key {0} is now in SecretStorage.', labels[0] ?? '')
    : t('{0} keys are now in SecretStorage.', labels.length);
}

function typed(): Source {
  return {
    label: t('Type or Paste It'),
    read: async (services) => {
      const answer = await services.ui.secret({
        title: t('Import Key'),
        prompt: t('The line that starts with AGE-SECRET-KEY-1. For an SSH key, choose its file instead.'),
        check: (text) =>
          text === '' || isIdentity(text) ? undefined : { message: t('This is not an age key.'), block: true },
      });
      return answer && 'text' in answer && answer.text !== '' ? readKeys(services, answer.text) : undefined;
    },
  };
}

function clipboard(): Source {
  return {
    label: t('From the Clipboard'),
    read: async (services) => {
      const text = await services.ui.readClipboard();
      const found = await readKeys(services, text);
      // A private key on the clipboard is for everybody to read; it has served.
      if (found && (await services.ui.readClipboard()) === text) await services.ui.writeClipboard('');
      return found;
    },
  };
}

/** Where sops looks for age keys; offered only when something is there. */
async function standard(keyPlaces: KeyPlaces): Promise<Source[]> {
  const places = await keyPlaces.offered();
  return places.map(({ source, read }) => ({
    label: t('From the Key File of sops'),
    description: source,
    after: t('The copy that sops uses is unchanged.'),
    read: async (services) => readKeys(services, (await read()) ?? ''),
  }));
}

/** The SSH keys that sops tries by itself. They are read only once chosen. */
async function sshKeys(keyPlaces: KeyPlaces): Promise<Source[]> {
  return (await keyPlaces.sshKeys()).map(({ source, read }) => ({
    label: t('From {0}', source),
    description: t('an SSH key'),
    after: t('The file is unchanged.'),
    read: async (services) => readKeys(services, (await read()) ?? ''),
  }));
}

function file(): Source {
  return {
    label: t('From a File…'),
    description: t('with or without a pass phrase'),
    read: async (services) => {
      const chosen = await services.ui.openFile({ title: t('Import Key') });
      return chosen && readKeys(services, keyText(await readAnywhere(services.platform, chosen, maxKeyFile)));
    },
  };
}

function isIdentity(text: string): boolean {
  try {
    const keys = parseIdentities(text);
    for (const key of keys) key.wipe();
    return keys.length === 1;
  } catch {
    return false;
  }
}
