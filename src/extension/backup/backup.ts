import * as vscode from 'vscode';
import { keyText } from '../../core/age/armored.ts';
import { utf8 } from '../../core/bytes.ts';
import { readAnywhere, writeAnywhere } from '../elsewhere.ts';
import { repositoryOf } from '../outside.ts';
import { askForKeys } from '../person/gestures.ts';
import { askNewPassphrase } from '../person/passphrase.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import { tellNoKey } from '../vault/ownkey.ts';
import { recipientsIn } from './opened.ts';
import { folderForBackUps } from './place.ts';
import { offerSheet } from './sheet.ts';

const { t } = vscode.l10n;

/** Saves all keys as one age file under a pass phrase, where the person says, reads it back, and offers to print it. */
export async function backUpKeys(services: Services): Promise<void> {
  const { ui, vault, platform, backUps, clock, access } = services;
  if ((await vault.keys()).length === 0) return tellNoKey(services);
  if (!(await askForKeys(services, await vault.keys()))) return;
  const passphrase = await askNewPassphrase(services, {
    title: t('Back Up Keys (1 of 2): Pass Phrase'),
    prompt: t('Whoever has the file and the pass phrase can read your secrets. Six random words are a good choice.'),
    titleAgain: t('Back Up Keys (2 of 2): Pass Phrase Again'),
    promptAgain: t('Type or paste it. Without the pass phrase, nobody can open the backup, not even you.'),
  });
  if (passphrase === undefined) return;
  const file = await ui.saveFile({
    title: t('Save the Backup of Your Keys'),
    name: 'lockstep-keys.age',
    folder: await folderForBackUps(services),
  });
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
  const armored = await vault.backUp(passphrase);
  const recipients = keys.map(({ recipient }) => recipient).join(', ');
  access.record({ purpose: 'back-up', key: recipients, by: 'Back Up Key', to: file.fsPath });
  await writeAnywhere(platform, file, utf8(armored));
  const held = await readBack(services, file, passphrase);
  if (keys.some(({ recipient }) => !held.includes(recipient)))
    return void ui.error(
      t('{0} is damaged: it could not be opened again. Back up your keys once more.', fileName(file)),
    );
  await backUps.note(held, clock.now());
  const message = t(
    'The backup is in {0}, and the pass phrase opens it: {1}. Keep the two apart. To restore, use “Lockstep: Restore Keys From a Backup” or “age -d”.',
    fileName(file),
    held.length === 1 ? t('1 key') : t('{0} keys', held.length),
  );
  offerSheet(services, { keys, armored }, message);
}

/** The public keys of what was written; none where it does not open. */
export async function readBack({ platform }: Services, file: vscode.Uri, passphrase: string): Promise<string[]> {
  try {
    return await recipientsIn(keyText(await readAnywhere(platform, file)), passphrase);
  } catch {
    return [];
  }
}
