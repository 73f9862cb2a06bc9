import * as vscode from 'vscode';
import { isArmored, keyText } from '../../core/age/armored.ts';
import { scannedArmor } from '../../core/backup/armor.ts';
import { LockstepError } from '../../core/errors.ts';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { KeyInfo, Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import { findSecretFiles, readEach } from '../vault/secretfiles.ts';
import { type BackedUpKey, keyringOf, openBackUp } from './opened.ts';
import { wordsOf } from './verdict.ts';

const { t } = vscode.l10n;

type Keys = readonly BackedUpKey[];

/** A backup, still encrypted. */
interface Source {
  readonly name: string;
  readonly armored: string;
}

/** Larger than any file of keys. */
const maxSize = 16 * 1024 * 1024;
const attempts = 5;

/**
 * Takes the keys of a backup back into SecretStorage, after a look at which of today's files they open: an age file, or the text that was
 * scanned from a sheet. Also the way to see that a backup is good; then nothing is taken.
 */
export async function restoreKeys(services: Services): Promise<void> {
  const source = await chooseSource(services);
  const keys = source && (await opened(services, source));
  if (!keys) return;
  try {
    await lookAndTake(services, keys);
  } finally {
    for (const { key } of keys) key.wipe();
  }
}

async function lookAndTake(services: Services, keys: Keys): Promise<void> {
  const { ui, vault, backUps, clock } = services;
  const files = await findSecretFiles(services);
  const read = await readEach(files, () => keyringOf(keys), t('Looking at what the backup opens'));
  if (!read) return;
  const own = await vault.keys();
  const { verdict, details, missing } = wordsOf(keys, own, read);
  // A key whose pass phrase is forgotten comes back from here.
  const shut = own.filter(({ recipient, asleep }) => asleep && keys.some((one) => one.recipient === recipient));
  const fresh = keys.filter(({ recipient }) => own.every((one) => one.recipient !== recipient || shut.includes(one)));
  if (fresh.length === 0) {
    void ui.info([verdict, t('You have all keys in it already.'), missing].filter(Boolean).join(' '));
  } else {
    const verb = fresh.length === 1 ? t('Restore Key') : t('Restore {0} Keys', fresh.length);
    const warning = t('From then on they count as yours. If you did not ask for this, another extension did.');
    const detail = [...details, missing, withoutPassphrase(shut), warning].filter(Boolean).join('\n\n');
    if (!(await ui.gesture(verdict, detail, verb))) return;
    for (const { key, recipient, comment } of fresh) await vault.add(key, comment ?? shortRecipient(recipient));
    void ui.info(fresh.length === 1 ? t('The key is restored.') : t('{0} keys are restored.', fresh.length));
  }
  await backUps.note(
    keys.map(({ recipient }) => recipient),
    clock.now(),
  );
}

/** What becomes of keys that are here under a pass phrase. */
function withoutPassphrase(shut: readonly KeyInfo[]): string | undefined {
  if (shut.length === 0) return undefined;
  return t(
    'Kept under a pass phrase here, and restored without it: {0}. If you know the pass phrase, you need not restore.',
    shut.map(({ label }) => visible(label)).join(', '),
  );
}

async function chooseSource(services: Services): Promise<Source | undefined> {
  const { ui, platform } = services;
  const items = [
    { id: 'file', icon: 'file', label: t('From a File…'), description: t('the backup, or the text of a sheet') },
    {
      id: 'clipboard',
      icon: 'clippy',
      label: t('From the Clipboard'),
      description: t('the text scanned from a sheet'),
    },
  ];
  const title = t('Restore Keys From a Backup');
  const chosen = await ui.pick(items, { title, placeholder: t('Where is the backup?') });
  if (!chosen) return undefined;
  if (chosen.id === 'clipboard') return { name: t('the clipboard'), armored: scannedArmor(await ui.readClipboard()) };
  const file = await ui.openFile({ title });
  if (!file) return undefined;
  const text = keyText(await readAnywhere(platform, file, maxSize));
  return { name: fileName(file), armored: isArmored(text) ? text : scannedArmor(text) };
}

/** Asks for the pass phrase until it fits, a few times. Undefined when it never did, or the person gave up. */
async function opened({ ui }: Services, { name, armored }: Source): Promise<Keys | undefined> {
  let prompt = t('The pass phrase of {0}.', name);
  for (let n = 1; n <= attempts; n++) {
    const answer = await ui.secret({ title: t('Restore Keys: Pass Phrase'), prompt });
    if (!answer || !('text' in answer)) return undefined;
    try {
      return await openBackUp(armored, answer.text);
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code !== 'BAD_PASSPHRASE') throw error;
      prompt = t('The pass phrase does not open {0}. Try again: {1} of {2}.', name, n + 1, attempts);
    }
  }
  void ui.error(
    t(
      '{0} pass phrases did not open {1}. Nothing was changed. Look up the pass phrase, or try another backup: there is no other way to open it.',
      attempts,
      name,
    ),
  );
  return undefined;
}
