import * as vscode from 'vscode';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import { commands } from '../ids.ts';
import type { KeyInfo, Services } from '../services.ts';
import type { Choice } from '../ui/ui.ts';
import { tellNoKey } from '../vault/ownkey.ts';
import { createKey } from './create.ts';
import { exportPrivateKey } from './export.ts';
import { importKey } from './import.ts';
import { manageProjects } from './projects.ts';
import { protectKey, unprotectKey } from './protect.ts';
import { copyRecipient, keyItem } from './public.ts';
import { removeKey } from './remove.ts';

const { t } = vscode.l10n;

/** Whole where it fits: RSA and post-quantum keys have hundreds of characters. */
const inOneLine = (recipient: string) => (recipient.length <= 100 ? recipient : shortRecipient(recipient));

interface Action extends Choice {
  readonly run: () => Promise<void>;
}

const toBackUp = async () => {
  await vscode.commands.executeCommand(commands.backUpKey);
};

/** The keys by label and public key, and what can be done with each. */
export async function manageKeys(services: Services): Promise<void> {
  const { ui, vault } = services;
  const keys = await vault.keys();
  const damaged = await vault.isDamaged();
  if (keys.length === 0 && !damaged) return tellNoKey(services);
  const items: Action[] = [
    ...keys.map((key) => ({
      icon: key.wrapped ? 'lock' : 'key',
      label: visible(key.label),
      description: inOneLine(key.recipient),
      detail: describe(key),
      run: () => manageOne(services, key),
    })),
    { icon: 'add', label: t('Create Key…'), run: async () => void (await createKey(services)) },
    { icon: 'cloud-download', label: t('Import Key…'), run: () => importKey(services) },
    { icon: 'save', label: t('Back Up All Keys…'), run: toBackUp },
  ];
  const placeholder = damaged
    ? t('The entry of your keys in SecretStorage is damaged: not all can be read. Import the others from your backup.')
    : undefined;
  await (await ui.pick(items, { title: t('Keys'), ...(placeholder && { placeholder }) }))?.run();
}

/** What is special about a key, on a line of its own: behind a public key nobody would see it. */
function describe(key: KeyInfo): string {
  const places = key.places?.map(({ name }) => visible(name));
  return [
    t('since {0}', key.created.slice(0, 10)),
    key.wrapped && t('under a pass phrase'),
    places && (places.length > 0 ? t('only in {0}', places.join(', ')) : t('not used anywhere')),
    key.forNew && t('for new files'),
  ]
    .filter(Boolean)
    .join(' · ');
}

async function manageOne(services: Services, key: KeyInfo): Promise<void> {
  const { vault, ui } = services;
  const offer = key.forNew
    ? { icon: 'star-full', label: t('No Longer Offer for New Files'), run: () => vault.offer(undefined) }
    : { icon: 'star-empty', label: t('Offer for New Files'), run: () => vault.offer(key.recipient) };
  const change = { icon: 'lock', label: t('Change Pass Phrase…'), run: () => protectKey(services, key) };
  const leave = { icon: 'unlock', label: t('Remove Pass Phrase…'), run: () => unprotectKey(services, key) };
  const protect = { icon: 'lock', label: t('Protect With a Pass Phrase…'), run: () => protectKey(services, key) };
  const items: Action[] = [
    { icon: 'copy', label: t('Copy Public Key'), run: () => copyRecipient(services, key) },
    { icon: 'edit', label: t('Rename…'), run: () => rename(services, key) },
    offer,
    ...(key.wrapped ? [change, leave] : [protect]),
    { icon: 'repo', label: t('Repositories…'), run: () => manageProjects(services, key) },
    { icon: 'save', label: t('Back Up…'), description: t('all keys, under a pass phrase'), run: toBackUp },
    { icon: 'export', label: t('Export Private Key…'), run: () => exportPrivateKey(services, key) },
    { icon: 'trash', label: t('Remove…'), run: () => removeKey(services, key) },
  ];
  await (await ui.pick(items, { title: keyItem(key).label, placeholder: inOneLine(key.recipient) }))?.run();
}

async function rename({ ui, vault }: Services, key: KeyInfo): Promise<void> {
  const others = (await vault.keys()).filter((one) => one.recipient !== key.recipient).map((one) => one.label);
  const label = await ui.input({
    title: t('Rename Key'),
    value: key.label,
    validate: (text) => {
      if (text.trim() === '') return t('A key needs a name.');
      return others.includes(text.trim()) ? t('Another key has this name.') : undefined;
    },
  });
  if (label !== undefined && label !== key.label) await vault.rename(key.recipient, label);
}
