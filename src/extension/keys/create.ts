import * as vscode from 'vscode';
import { visible } from '../../core/tree/path.ts';
import { commands } from '../ids.ts';
import type { KeyInfo, Services } from '../services.ts';
import { placeOf, rootHere } from '../vault/share.ts';
import { protectKey } from './protect.ts';

const { t } = vscode.l10n;

/** Makes a key: of which kind, where it may be used, and its name. */
export async function createKey(services: Services): Promise<KeyInfo | undefined> {
  const { ui, vault, platform } = services;
  const title = t('Create Key');
  const kind = await ui.pick(
    [
      {
        id: 'x25519' as const,
        icon: 'key',
        label: t('Key'),
        description: t('X25519: every version of age and sops takes it'),
      },
      {
        id: 'hybrid' as const,
        icon: 'shield',
        label: t('Post-Quantum Key'),
        description: t('hybrid of ML-KEM-768 and X25519, for age 1.3 and sops 3.12 or newer'),
      },
    ],
    { title, placeholder: t('Which kind of key?') },
  );
  if (!kind) return undefined;
  const folder = await chooseScope(services, title);
  if (!folder) return undefined;
  const label = await ui.input({
    title,
    prompt: t('A name for your new key. The key is stored in VS Code’s SecretStorage and nowhere else.'),
    value: folder === 'anywhere' ? platform.keyLabel() : nameOf(folder),
    validate: (text) => (text.trim() === '' ? t('A key needs a name.') : undefined),
  });
  if (label === undefined) return undefined;
  const place = folder === 'anywhere' ? undefined : await placeOf(services, folder);
  const key = await vault.create(label, { kind: kind.id, ...(place ? { place } : {}) });
  sayWhatNext(services, key, place !== undefined);
  return key;
}

const nameOf = (folder: vscode.Uri) => folder.path.split('/').at(-1) || folder.path;

/** Undefined when the person gives up. Where nothing is open that a key could be bound to, there is no question. */
async function chooseScope({ ui }: Services, title: string): Promise<vscode.Uri | 'anywhere' | undefined> {
  const folder = await rootHere();
  if (!folder || !vscode.workspace.isTrusted) return 'anywhere';
  const chosen = await ui.pick(
    [
      { id: 'anywhere', icon: 'globe', label: t('In Every Repository') },
      {
        id: 'here',
        icon: 'repo',
        label: t('Only in {0}', visible(nameOf(folder))),
        description: t('a project key: a file that is copied elsewhere does not open there'),
      },
    ],
    { title, placeholder: t('Where may it be used?') },
  );
  return chosen && (chosen.id === 'here' ? folder : 'anywhere');
}

function sayWhatNext(services: Services, key: KeyInfo, bound: boolean): void {
  const backUp = t('Back Up Key');
  const protect = t('Protect With a Pass Phrase');
  const where = bound ? t('Commit {0}: it says which repository this is.', '.lockstep/project') : '';
  const made = t('The key {0} is in SecretStorage. Without a backup nobody can restore it.', visible(key.label));
  void services.ui.info([made, where].filter(Boolean).join(' '), backUp, protect).then(async (verb) => {
    if (verb === backUp) await vscode.commands.executeCommand(commands.backUpKey);
    if (verb === protect) await protectKey(services, key);
  });
}
