import * as vscode from 'vscode';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import { commands } from '../ids.ts';
import type { KeyInfo, Services } from '../services.ts';

const { t } = vscode.l10n;

/**
 * The key that new files are encrypted for: the only one that may be used there, the one that a person chose for new files, the one
 * picked, or a new one. @param file one of the files; without it the workspace counts.
 */
export async function chooseIdentity(
  services: Services,
  title: string,
  file?: vscode.Uri,
): Promise<KeyInfo | undefined> {
  const keys = await usableKeys(services, file);
  const preferred = keys.find(({ forNew }) => forNew);
  if (keys.length === 1 || preferred) return preferred ?? keys[0];
  if (keys.length > 1) {
    // A project key is for the files of its project.
    const bound = keys.toSorted((a, b) => Number(b.places !== undefined) - Number(a.places !== undefined));
    const items = bound.map((key) => ({ label: visible(key.label), description: shortRecipient(key.recipient), key }));
    return (await services.ui.pick(items, { title, placeholder: t('Which key should the files be encrypted for?') }))
      ?.key;
  }
  return (await wantsImport(services, title)) ? importFirst(services) : create(services, title);
}

async function usableKeys({ vault }: Services, file: vscode.Uri | undefined): Promise<readonly KeyInfo[]> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const there = file ?? (folder && vscode.Uri.joinPath(folder, 'x'));
  return there ? vault.keysIn(there) : vault.keys();
}

async function create({ ui, vault, platform }: Services, title: string): Promise<KeyInfo | undefined> {
  const label = await ui.input({
    title,
    prompt: t('A name for your new key. The key is stored in VS Code’s SecretStorage and nowhere else.'),
    value: platform.keyLabel(),
    validate: (text) => (text.trim() === '' ? t('A key needs a name.') : undefined),
  });
  return label === undefined ? undefined : vault.create(label);
}

/** One more key: a new one, or one that is imported. Undefined when the person would rather not. */
export async function addIdentity(services: Services, title: string): Promise<KeyInfo | undefined> {
  const before = await services.vault.keys();
  const items = [
    { id: 'create', icon: 'add', label: t('Create a New Key') },
    { id: 'import', icon: 'cloud-download', label: t('Import a Key…') },
  ];
  const chosen = await services.ui.pick(items, { title });
  if (chosen?.id === 'create') return create(services, title);
  if (chosen?.id !== 'import') return undefined;
  await vscode.commands.executeCommand(commands.importKey);
  const known = new Set(before.map(({ recipient }) => recipient));
  return (await services.vault.keys()).find(({ recipient }) => !known.has(recipient));
}

/** Asked only where sops has a key on this machine already. Undefined and false both lead to a new key. */
async function wantsImport({ ui, platform }: Services, title: string): Promise<boolean> {
  const there = await platform.keyPlaces?.offered();
  if (!there?.length) return false;
  const importKey = { label: t('Import the Key That sops Uses Here'), id: 'import' };
  const chosen = await ui.pick([importKey, { label: t('Create a New Key'), id: 'create' }], { title });
  return chosen?.id === 'import';
}

async function importFirst({ vault }: Services): Promise<KeyInfo | undefined> {
  await vscode.commands.executeCommand(commands.importKey);
  return (await vault.keys())[0];
}

/** Says that there is no key, and the two ways to one. */
export async function tellNoKey({ ui }: Services): Promise<void> {
  const setUp = t('Set Up');
  const importKey = t('Import Key');
  const answer = await ui.info(
    t('You have no key yet. Set up secrets in this workspace, or import a key.'),
    setUp,
    importKey,
  );
  if (answer === setUp) await vscode.commands.executeCommand(commands.setUp);
  if (answer === importKey) await vscode.commands.executeCommand(commands.importKey);
}
