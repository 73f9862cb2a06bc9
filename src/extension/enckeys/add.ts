import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import { keyPlaces } from '../../core/enckeys/keys.ts';
import { isSameName, keyPathOf } from '../../core/enckeys/names.ts';
import { type KeySize, keyBytes } from '../../core/enckeys/payload.ts';
import { addingKey, newKey } from '../../core/enckeys/steps.ts';
import { isOurs, LockstepError } from '../../core/errors.ts';
import type { Sealed } from '../../core/sops/sealed.ts';
import type { Services } from '../services.ts';
import { requireEditable } from '../session/apply.ts';
import type { OpenFile } from '../session/openfile.ts';
import { findOpenFile } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName, wordsOfAny } from '../ui/words.ts';

const { t } = vscode.l10n;

/** Adds a key that there is already: its name, and the key, typed unseen. */
export async function addKey(services: Services, ids: readonly unknown[]): Promise<void> {
  const title = t('Add Encryption Key');
  const asked = await askName(services, ids, title);
  if (!asked) return;
  const answer = await services.ui.secret({
    title,
    prompt: t('16 or 32 bytes in base64, such as a key of Anvil'),
    check: (text) => {
      const message = text === '' ? undefined : faultOf(() => keyBytes(text).fill(0));
      return message === undefined ? undefined : { message, block: true };
    },
  });
  if (answer && 'text' in answer) await put(services, asked, answer.text);
}

/** Adds a new key, which nobody sees. */
export async function generateKey(services: Services, ids: readonly unknown[]): Promise<void> {
  const title = t('Generate Encryption Key');
  const asked = await askName(services, ids, title);
  if (!asked) return;
  const bits = await askSize(services, title);
  if (bits) await put(services, asked, newKey(bits));
}

function askSize({ ui }: Services, title: string): Promise<KeySize | undefined> {
  const items = [
    { label: t('128 bits'), description: t('read by Anvil, too'), bits: 128 },
    { label: t('256 bits'), description: t('read by Lockstep alone'), bits: 256 },
  ] as const;
  return ui.pick(items, { title, placeholder: t('How long?') }).then((chosen) => chosen?.bits);
}

interface Named {
  readonly file: OpenFile;
  readonly name: string;
}

/** The file, and the name of a new key in it; undefined when the person gives up. Throws why the file cannot be changed. */
async function askName(services: Services, ids: readonly unknown[], title: string): Promise<Named | undefined> {
  if (!(await mayWrite(services))) return undefined;
  const file = await findOpenFile(services, ids);
  if (!file) return undefined;
  const { sealed } = await requireEditable(services, file, await file.ready());
  if (sealed.format === 'binary') throw new LockstepError('BAD_VALUE', { what: 'binary-file' });
  const name = await services.ui.input({
    title,
    prompt: t('The name by which your code asks for the key'),
    validate: (text) => (text === '' ? undefined : faultOf(() => checkName(sealed, text))),
  });
  return name ? { file, name } : undefined;
}

function checkName(sealed: Sealed, name: string): void {
  const path = keyPathOf(sealed.format, name);
  if (keyPlaces(sealed).some((one) => isSameName(one.name, name))) throw new LockstepError('ENTRY_EXISTS', { path });
}

function faultOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!isOurs(error)) throw error;
    const { message, next } = wordsOfAny(error);
    return `${message} ${next}`;
  }
}

async function put({ ui, clock }: Services, { file, name }: Named, key: string): Promise<void> {
  await file.change(t('Add Encryption Key'), (opened) => change(opened, [addingKey(opened.sealed, name, key)], clock));
  void ui.info(t('The encryption key {0} is in {1}.', name, fileName(file.uri)));
}
