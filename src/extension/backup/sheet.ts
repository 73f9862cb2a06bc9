import * as vscode from 'vscode';
import { type SheetWords, sheetHtml } from '../../core/backup/sheet.ts';
import { utf8 } from '../../core/bytes.ts';
import { writeAnywhere } from '../elsewhere.ts';
import { repositoryOf } from '../outside.ts';
import type { KeyInfo, Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import { findSecretFiles, readEach } from '../vault/secretfiles.ts';
import { folderForBackUps } from './place.ts';

const { t } = vscode.l10n;

/** Keys, and the same keys as an age file under a pass phrase. */
interface BackUp {
  readonly keys: readonly KeyInfo[];
  readonly armored: string;
}

/** Writes the page to be printed where the person says, and offers to open it in the browser. */
export async function saveSheet(services: Services, { keys, armored }: BackUp): Promise<void> {
  const { ui, platform, vault, clock, access } = services;
  const files = await findSecretFiles(services);
  const read = await readEach(files, (uri) => vault.keysFor(uri).keyring, t('Looking at what your keys open'));
  if (!read) return;
  const opened = files.filter(({ uri }) => ['opens', 'damaged'].includes(read.get(uri) ?? ''));
  const html = sheetHtml(
    { keys, armored, files: opened.map(({ uri }) => fileName(uri)) },
    wordsFor(clock.now(), keys.length, opened.length),
  );
  const folder = await folderForBackUps(services);
  const page = await ui.saveFile({ title: t('Save the Printable Sheet'), name: 'lockstep-keys.html', folder });
  if (!page) return;
  const recipients = keys.map(({ recipient }) => recipient).join(', ');
  access.record({ purpose: 'back-up', key: recipients, by: 'Make a Printable Sheet', to: page.fsPath });
  await writeAnywhere(platform, page, utf8(html));
  const show = t('Show in Folder');
  const inGit = (await repositoryOf(page)) && t('The folder is in a git repository: do not commit the sheet.');
  const message = t(
    'The sheet is in {0}. Open it in a browser and print it. Keep it apart from the pass phrase.',
    fileName(page),
  );
  if ((await ui.info([message, inGit].filter(Boolean).join(' '), show)) === show)
    await vscode.commands.executeCommand('revealFileInOS', page);
}

function wordsFor(now: Date, keys: number, files: number): SheetWords {
  const workspace = vscode.workspace.name ?? '';
  return {
    lang: vscode.env.language,
    title: keys === 1 ? t('Backup of a Key') : t('Backup of {0} Keys', keys),
    made: t('Made by Lockstep on {0}', now.toISOString().slice(0, 10)),
    about: [
      t('This sheet holds private keys, encrypted with a pass phrase that is not on it. Keep the two apart.'),
      t('Whoever has both can read the secrets. Without the pass phrase nobody can, not even you.'),
    ],
    keys: t('Public keys'),
    files:
      files === 0
        ? t('What they open: no encrypted file was there when this was made')
        : t('What they open, of the files in {0} on that day', workspace),
    more: (count) => t('and {0} more', count),
    restore: t('To restore'),
    steps: [
      t('Scan the code with a phone or a scanner. If there are several, scan them in their order into one text.'),
      t('Copy the text, and run “Lockstep: Restore Keys From a Backup” in VS Code. It asks for the pass phrase.'),
      t('Without VS Code: save the text as keys.age, and run “age -d -o keys.txt keys.age”.'),
    ],
    part: (number, count) => t('Part {0} of {1}', number, count),
    text: t('The same as text'),
  };
}
