import * as vscode from 'vscode';
import { type SheetWords, sheetHtml } from '../../core/backup/sheet.ts';
import { utf8 } from '../../core/bytes.ts';
import { canOpen } from '../../core/survey/access.ts';
import { surveyFile } from '../../core/survey/facts.ts';
import { writeAnywhere } from '../elsewhere.ts';
import { repositoryOf } from '../outside.ts';
import type { KeyInfo, Services } from '../services.ts';
import { report } from '../ui/report.ts';
import { fileName } from '../ui/words.ts';
import { findSecretFiles } from '../vault/secretfiles.ts';
import { folderForBackUps } from './place.ts';

const { t } = vscode.l10n;

/** Keys, and the same keys as an age file under a pass phrase. */
interface BackUp {
  readonly keys: readonly Pick<KeyInfo, 'label' | 'recipient'>[];
  readonly armored: string;
}

/** Says that a backup was written, and offers to print it. What comes next does not wait for the message to be closed. */
export function offerSheet(services: Services, backUp: BackUp, message: string): void {
  const print = t('Make a Printable Sheet');
  void services.ui.info(message, print).then((verb) => {
    if (verb === print) saveSheet(services, backUp).catch((error) => report(services, error));
  });
}

/** Writes the page to be printed where the person says, and offers to open it in the browser. */
async function saveSheet(services: Services, { keys, armored }: BackUp): Promise<void> {
  const { ui, platform, clock, access } = services;
  const opened = await filesFor(services, keys);
  const html = sheetHtml({ keys, armored, files: opened }, wordsFor(clock.now(), keys.length, opened.length));
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

/** The names of the files that these keys open, by what the files say. */
async function filesFor(services: Services, keys: BackUp['keys']): Promise<string[]> {
  const own = new Set(keys.map(({ recipient }) => recipient));
  const names: string[] = [];
  for (const { uri, text } of await findSecretFiles(services)) {
    const facts = await surveyFile(
      uri.path,
      async () => utf8(text),
      async () => undefined,
    );
    if (facts.kind === 'encrypted' && canOpen(facts, own)) names.push(fileName(uri));
  }
  return names;
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
