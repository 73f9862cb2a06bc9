import * as vscode from 'vscode';
import { utf8 } from '../../core/bytes.ts';
import { visible } from '../../core/tree/path.ts';
import { writeAnywhere } from '../elsewhere.ts';
import { folderOutside, repositoryOf } from '../outside.ts';
import { askForKeys } from '../person/gestures.ts';
import type { KeyInfo, Services } from '../services.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** Hands out a private key as it is: for a server or a CI job, which can give no pass phrase. */
export async function exportPrivateKey(services: Services, key: KeyInfo): Promise<void> {
  const { ui } = services;
  if (!(await askForKeys(services, [key]))) return;
  const chosen = await ui.pick(
    [
      { id: 'file', icon: 'file', label: t('To a Key File…'), description: t('that only you can read') },
      {
        id: 'clipboard',
        icon: 'clippy',
        label: t('To the Clipboard'),
        description: t('for the secret of a CI job; cleared after a while'),
      },
    ],
    { title: t('Export the Private Key {0}', visible(key.label)), placeholder: t('Where to?') },
  );
  if (chosen?.id === 'file') await toFile(services, key);
  else if (chosen) await toClipboard(services, key);
}

async function toFile(services: Services, key: KeyInfo): Promise<void> {
  const { ui, vault, platform, access } = services;
  const folder = await folderOutside(platform);
  const file = await ui.saveFile({ title: t('Save the Private Key'), name: 'keys.txt', folder });
  if (!file) return;
  const inGit = (await repositoryOf(file)) && t('The folder is in a git repository: do not commit the file.');
  const message = t('Write the private key {0} unencrypted to {1}?', visible(key.label), fileName(file));
  if (!(await isSure(services, key, message, inGit))) return;
  const text = await vault.exportKey(key.recipient);
  access.record({ purpose: 'key-export', key: key.recipient, by: 'Manage Keys', to: file.fsPath });
  await writeAnywhere(platform, file, utf8(text));
  void ui.info(t('The private key is in {0}. Delete the file when it has served.', fileName(file)));
}

async function toClipboard(services: Services, key: KeyInfo): Promise<void> {
  const { vault, access, clipboard } = services;
  const message = t('Copy the private key {0} to the clipboard?', visible(key.label));
  const history = t('Every program can read the clipboard, and a clipboard manager may keep it.');
  if (!(await isSure(services, key, message, history))) return;
  const text = await vault.exportKey(key.recipient);
  access.record({ purpose: 'key-export', key: key.recipient, by: 'Manage Keys', to: 'clipboard' });
  await clipboard.copy(text, t('private key'));
}

function isSure(services: Services, key: KeyInfo, message: string, more: string | undefined): Promise<boolean> {
  const detail = [
    t('Whoever has it can read every file that it opens, now and in git history.'),
    more,
    key.wrapped && t('It leaves without its pass phrase.'),
    key.places && t('Outside VS Code it opens the files wherever they are: it is no project key there.'),
    t('If you did not ask for this, another extension did.'),
  ];
  return services.ui.gesture(message, detail.filter(Boolean).join('\n\n'), t('Export Private Key'));
}
