import * as vscode from 'vscode';
import { keyText } from '../../core/age/armored.ts';
import { parseIdentities } from '../../core/age/private/keytext.ts';
import type { KeyPlaces } from '../../core/platform/keyplaces.ts';
import { visible } from '../../core/tree/path.ts';
import { readAnywhere } from '../elsewhere.ts';
import { mayTakeKeys } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { askPluginKey } from './plugin.ts';
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
  const there = keyPlaces
    ? [...(await standard(keyPlaces)), ...programs(keyPlaces), ...(await sshKeys(keyPlaces))]
    : [];
  const sources = [typed(), clipboard(), ...there, file(), ...(services.platform.startPlugin ? [plugin()] : [])];
  const source = await services.ui.pick(sources, {
    title: t('Import Key'),
    placeholder: t('Where is your age or SSH key?'),
  });
  const found = await source?.read(services);
  if (!found) return;
  const added: string[] = [];
  const had: string[] = [];
  try {
    if (!(await mayTakeKeys(services, found.keys))) return;
    const before = new Set((await services.vault.keys()).filter((key) => !key.asleep).map((key) => key.recipient));
    for (const { key, recipient, label } of found.keys)
      if (await mayReplace(services, recipient))
        (before.has(recipient) ? had : added).push((await services.vault.add(key, label)).label);
  } finally {
    for (const { key } of found.keys) key.wipe();
  }
  void services.ui.info([outcome(added), known(had), source?.after].filter(Boolean).join(' '));
}

/** Whether a key may be kept as it comes in; one that is here under a pass phrase would be without it then. */
async function mayReplace({ ui, vault }: Services, recipient: string): Promise<boolean> {
  const there = (await vault.keys()).find((key) => key.recipient === recipient);
  if (!there?.asleep) return true;
  return ui.confirm(
    t('Replace the key {0}?', visible(there.label)),
    t(
      'You have this key under a pass phrase that was not given yet. Imported, it takes that one’s place and is kept without a pass phrase. That is the way back if you forgot it.',
    ),
    t('Replace Key'),
  );
}

function outcome(labels: readonly string[]): string | undefined {
  if (labels.length === 0) return undefined;
  return labels.length === 1
    ? t('The key {0} is now in SecretStorage.', visible(labels[0] ?? ''))
    : t('{0} keys are now in SecretStorage.', labels.length);
}

function known(labels: readonly string[]): string | undefined {
  if (labels.length === 0) return undefined;
  return labels.length === 1
    ? t('You already have this key: {0}.', visible(labels[0] ?? ''))
    : t('You already have {0} of these keys: {1}.', labels.length, labels.map(visible).join(', '));
}

/** The last part of a path of any system. */
const lastName = (path: string) => path.split(/[\\/]/).at(-1) ?? path;

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
      return answer && 'text' in answer && answer.text !== ''
        ? readKeys(services, answer.text, services.platform.keyLabel())
        : undefined;
    },
  };
}

function clipboard(): Source {
  return {
    label: t('From the Clipboard'),
    read: async (services) => {
      const text = await services.ui.readClipboard();
      const found = await readKeys(services, text, services.platform.keyLabel());
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
    read: async (services) => readKeys(services, (await read()) ?? '', lastName(source)),
  }));
}

/** The programs of SOPS_AGE_KEY_CMD and its like. They are started only once chosen. */
function programs(keyPlaces: KeyPlaces): Source[] {
  return keyPlaces.programs().map(({ source, read }) => ({
    label: t('From the Program in {0}', source),
    description: t('is started once, now'),
    after: t('sops goes on using the program.'),
    read: async (services) => readKeys(services, (await read()) ?? '', source),
  }));
}

/** The SSH keys that sops tries by itself. They are read only once chosen. */
async function sshKeys(keyPlaces: KeyPlaces): Promise<Source[]> {
  return (await keyPlaces.sshKeys()).map(({ source, read }) => ({
    label: t('From {0}', source),
    description: t('an SSH key'),
    after: t('The file is unchanged.'),
    read: async (services) => readKeys(services, (await read()) ?? '', lastName(source)),
  }));
}

function file(): Source {
  return {
    label: t('From a File…'),
    description: t('with or without a pass phrase'),
    read: async (services) => {
      const chosen = await services.ui.openFile({ title: t('Import Key') });
      if (!chosen) return undefined;
      const text = keyText(await readAnywhere(services.platform, chosen, maxKeyFile));
      return readKeys(services, text, lastName(chosen.path));
    },
  };
}

/** The key that the plugin itself chooses (`age -j NAME`): in a token, a TPM or a service. */
function plugin(): Source {
  return {
    label: t('From an age Plugin, by Its Name…'),
    description: t('a token, a TPM or a service'),
    read: askPluginKey,
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
