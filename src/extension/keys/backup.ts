import * as vscode from 'vscode';
import { utf8 } from '../../core/bytes.ts';
import { writeAnywhere } from '../elsewhere.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import { tellNoKey } from './public.ts';

const { t } = vscode.l10n;

/** Below this a pass phrase can be tried out by machine, scrypt or not. */
const leastLength = 12;

/** Saves all keys as one age file under a pass phrase, where the person says. */
export async function backUpKeys(services: Services): Promise<void> {
  const { ui, vault } = services;
  if ((await vault.keys()).length === 0) return tellNoKey(services);
  if (!(await askToUnlock(services))) return;
  const passphrase = await askPassphrase(services);
  if (passphrase === undefined) return;
  const file = await ui.saveFile({ title: t('Save the Backup of Your Keys'), name: 'lockstep-keys.age' });
  if (!file) return;
  // Boxes and lists can be filled in by a command; whoever did that would know the pass phrase.
  const sure = await ui.gesture(
    t('Write all your private keys to {0}?', fileName(file)),
    t(
      'They are encrypted under the pass phrase that was typed just now. If you did not type one, another extension did.',
    ),
    t('Back Up Keys'),
  );
  if (!sure) return;
  await writeAnywhere(services.platform, file, utf8(await vault.backUp(passphrase)));
  void ui.info(
    t(
      'The backup is in {0}. Keep it and the pass phrase apart. To restore it, use “Lockstep: Import Key” and choose the file; “age -d” opens it, too.',
      fileName(file),
    ),
  );
}

async function askPassphrase({ ui }: Services): Promise<string | undefined> {
  const first = await ui.secret({
    title: t('Back Up Keys (1 of 2): Pass Phrase'),
    prompt: t('Whoever has the file and the pass phrase can read your secrets. A few random words are a good choice.'),
    check: (text) =>
      text.length < leastLength ? { message: t('At least {0} characters.', leastLength), block: true } : undefined,
  });
  if (!first || !('text' in first)) return undefined;
  const second = await ui.secret({
    title: t('Back Up Keys (2 of 2): Pass Phrase Again'),
    prompt: t('Without it nobody can open the backup, you neither.'),
    check: (text) => (text === first.text ? undefined : { message: t('Not the same as before.'), block: true }),
  });
  return second && 'text' in second ? second.text : undefined;
}
