import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import type { Step } from '../../core/change/intent.ts';
import { keyPlaces, keysOf, requireKey } from '../../core/enckeys/keys.ts';
import { findKey } from '../../core/enckeys/names.ts';
import { sizeOf } from '../../core/enckeys/payload.ts';
import { newKey, removingKey, resettingKey } from '../../core/enckeys/steps.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Opened } from '../../core/open/open.ts';
import { requireOpened } from '../../core/session/state.ts';
import { visible } from '../../core/tree/path.ts';
import { agreedToLoss } from '../person/lostkeys.ts';
import type { Services } from '../services.ts';
import { requireEditable } from '../session/apply.ts';
import type { OpenFile } from '../session/openfile.ts';
import { findOpenFile, idOfRef } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** A key of a file that a command is about. */
interface Chosen {
  readonly file: OpenFile;
  readonly name: string;
}

/** Puts a new key of the same size in the place of one, after a question that says what becomes unreadable. */
export function resetKey(services: Services, ids: readonly unknown[]): Promise<void> {
  return replace(services, ids, {
    title: t('Reset Encryption Key'),
    question: (name, file) => t('Reset the encryption key {0} in {1}?', name, file),
    verb: t('Reset'),
    step: (opened, name) => {
      const { key } = requireKey(opened, name);
      return resettingKey(opened.sealed, name, newKey(sizeOf(key) ?? 128));
    },
  });
}

/** Takes a key out of its file, after the same question. */
export function removeKey(services: Services, ids: readonly unknown[]): Promise<void> {
  return replace(services, ids, {
    title: t('Remove Encryption Key'),
    question: (name, file) => t('Remove the encryption key {0} from {1}?', name, file),
    verb: t('Remove'),
    step: (opened, name) => {
      requireKey(opened, name);
      return removingKey(opened.sealed, name);
    },
  });
}

interface Replacing {
  readonly title: string;
  readonly verb: string;
  question(name: string, file: string): string;
  step(opened: Opened, name: string): Step;
}

async function replace(services: Services, ids: readonly unknown[], how: Replacing): Promise<void> {
  if (!(await mayWrite(services))) return;
  const chosen = await choose(services, ids, how.title);
  if (!chosen) return;
  const { file, name } = chosen;
  await requireEditable(services, file, await file.ready());
  const sure = await agreedToLoss(services, file.uri, name, how.question(visible(name), fileName(file.uri)), how.verb);
  if (sure) await file.change(how.title, (opened) => change(opened, [how.step(opened, name)], services.clock));
}

/** Copies a key; the clipboard is cleared after the set time. */
export async function copyKey(services: Services, ids: readonly unknown[]): Promise<void> {
  const chosen = await choose(services, ids, t('Copy Encryption Key'));
  if (!chosen) return;
  const { file, name } = chosen;
  const sure = await services.ui.gesture(
    t('Copy the encryption key {0} of {1}?', visible(name), fileName(file.uri)),
    t('Whoever has it can read what is encrypted with it. If you did not ask for this, another extension did.'),
    t('Copy'),
  );
  if (!sure) return;
  const { key } = findKey(keysOf(requireOpened(await file.ready())), name);
  services.access.record({ purpose: 'copy', uri: file.uri, key: visible(name), by: t('Copy Encryption Key') });
  await services.clipboard.copy(key, visible(name));
}

/** The key whose entry is named, else one that the person picks; undefined when they pick none. Throws why the file cannot be read. */
async function choose(services: Services, ids: readonly unknown[], title: string): Promise<Chosen | undefined> {
  const file = await findOpenFile(services, ids);
  if (!file) return undefined;
  const { sealed } = requireOpened(await file.ready());
  const id = idOfRef(ids);
  const keys = keyPlaces(sealed).filter((one) => id === undefined || one.id === id);
  if (keys.length === 0 && id !== undefined) throw new LockstepError('NO_ENCRYPTION_KEY');
  if (keys.length === 0) {
    void services.ui.info(t('There is no encryption key in {0}.', fileName(file.uri)));
    return undefined;
  }
  const [only] = keys;
  const items = keys.map(({ name }) => ({ icon: 'key', label: visible(name), name }));
  const name =
    id === undefined ? (await services.ui.pick(items, { title, placeholder: t('Which key?') }))?.name : only?.name;
  return name === undefined ? undefined : { file, name };
}
