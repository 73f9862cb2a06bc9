import * as vscode from 'vscode';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import { commands } from '../ids.ts';
import { readOrdinary } from '../ordinary.ts';
import type { KeyInfo, Services } from '../services.ts';
import type { Choice } from '../ui/ui.ts';
import { fileName } from '../ui/words.ts';
import { tellNoKey } from '../vault/ownkey.ts';
import { importKey } from './import.ts';
import { copyRecipient, keyItem } from './public.ts';

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
  const keys = await services.vault.keys();
  if (keys.length === 0) return tellNoKey(services);
  const items: Action[] = [
    ...keys.map((key) => ({
      icon: 'key',
      label: visible(key.label),
      description: `${inOneLine(key.recipient)} · ${t('since {0}', key.created.slice(0, 10))}`,
      run: () => manageOne(services, key),
    })),
    { icon: 'add', label: t('Import Key…'), run: () => importKey(services) },
    { icon: 'save', label: t('Back Up All Keys…'), run: toBackUp },
  ];
  await (await services.ui.pick(items, { title: t('Keys') }))?.run();
}

async function manageOne(services: Services, key: KeyInfo): Promise<void> {
  const items: Action[] = [
    { label: t('Copy Public Key'), run: () => copyRecipient(services, key) },
    { label: t('Rename…'), run: () => rename(services, key) },
    { label: t('Back Up…'), description: t('all keys, under a pass phrase'), run: toBackUp },
    { label: t('Remove…'), run: () => remove(services, key) },
  ];
  await (await services.ui.pick(items, { title: keyItem(key).label, placeholder: inOneLine(key.recipient) }))?.run();
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

/** Names at most this many files in a question. */
const namedFiles = 8;

async function remove({ ui, vault }: Services, key: KeyInfo): Promise<void> {
  const files = await filesFor(key.recipient);
  const named = files.slice(0, namedFiles).map(fileName);
  const rest = files.length - named.length;
  const list = [...named, ...(rest > 0 ? [t('and {0} more', rest)] : [])].join('\n');
  const detail = [
    t(
      'Without a backup nobody can restore it. Files that are encrypted only for this key can never be read again. The other people can still read their files.',
    ),
    files.length > 0
      ? `${t('Files in this workspace that are encrypted for this key:')}\n${list}`
      : t('No file in this workspace is encrypted for this key.'),
  ].join('\n\n');
  const first = t('Back Up First');
  const gone = t('Remove Key');
  const answer = await ui.choose(t('Remove the key {0}?', visible(key.label)), detail, [first, gone]);
  if (answer === first) await toBackUp();
  if (answer === gone) await vault.remove(key.recipient);
}

const candidates = '**/{.env,.env.*,*.env,*.yaml,*.yml,*.json}';
const limit = 2000;
const maxSize = 5 * 1024 * 1024;

/** The files of the workspace that name a public key. */
async function filesFor(recipient: string): Promise<vscode.Uri[]> {
  const files = await vscode.workspace.findFiles(candidates, '**/{node_modules,.git}/**', limit);
  const found: vscode.Uri[] = [];
  // One after the other: two thousand at once would take more memory than there is.
  for (const uri of files) {
    const bytes = await readOrdinary(uri, maxSize).catch(() => undefined);
    if (bytes && new TextDecoder().decode(bytes).includes(recipient) && !uri.path.endsWith('/.sops.yaml'))
      found.push(uri);
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}
