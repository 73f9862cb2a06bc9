import * as vscode from 'vscode';
import { utf8 } from '../../core/bytes.ts';
import { readAnywhere, writeAnywhere } from '../elsewhere.ts';
import { folderOutside, repositoryOf } from '../outside.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import { askNewPassphrase } from './passphrase.ts';
import { tellNoKey } from './public.ts';
import { recipientsIn } from './read.ts';

const { t } = vscode.l10n;

/** Saves all keys as one age file under a pass phrase, where the person says, and reads it back. */
export async function backUpKeys(services: Services): Promise<void> {
  const { ui, vault, platform, access } = services;
  if ((await vault.keys()).length === 0) return tellNoKey(services);
  if (!(await askToUnlock(services))) return;
  const passphrase = await askNewPassphrase(services);
  if (passphrase === undefined) return;
  // A home folder under git is still better than the workspace, and the question says what it is.
  const home = platform.homeFolder();
  const folder = (await folderOutside(platform)) ?? (home === undefined ? undefined : vscode.Uri.file(home));
  const file = await ui.saveFile({ title: t('Save the Backup of Your Keys'), name: 'lockstep-keys.age', folder });
  if (!file) return;
  // Boxes and lists can be filled in by a command; whoever did that would know the pass phrase.
  const sure = await ui.gesture(
    t('Write all your private keys to {0}?', fileName(file)),
    [
      t(
        'They are encrypted with the pass phrase that was just entered. If that was not you, it was another extension.',
      ),
      ...((await repositoryOf(file)) ? [t('The folder is in a git repository: do not commit the backup.')] : []),
    ].join('\n\n'),
    t('Back Up Keys'),
  );
  if (!sure) return;
  const keys = await vault.keys();
  const recipients = keys.map(({ recipient }) => recipient).join(', ');
  access.record({ purpose: 'back-up', key: recipients, by: 'Back Up Key', to: file.fsPath });
  await writeAnywhere(platform, file, utf8(await vault.backUp(passphrase)));
  const held = await recipientsIn(await readAnywhere(platform, file), passphrase).catch((): string[] => []);
  if (keys.some(({ recipient }) => !held.includes(recipient)))
    return void ui.error(
      t('{0} is damaged: it could not be opened again. Back up your keys once more.', fileName(file)),
    );
  void ui.info(
    t(
      'The backup is in {0}, and the pass phrase opens it: {1}. Keep the two apart. To restore, use “Lockstep: Import Key” and choose the file, or “age -d”.',
      fileName(file),
      held.length === 1 ? t('1 key') : t('{0} keys', held.length),
    ),
  );
}
