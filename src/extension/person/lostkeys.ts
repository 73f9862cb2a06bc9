import * as vscode from 'vscode';
import { lostKeys } from '../../core/enckeys/keys.ts';
import { mayHoldKeys } from '../../core/enckeys/names.ts';
import type { Session } from '../../core/session/session.ts';
import type { FileState } from '../../core/session/state.ts';
import { visible } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import { dotenvxSecret } from '../vault/dotenvxkeys.ts';

const { t } = vscode.l10n;

type LostKey = ReturnType<typeof lostKeys>[number];

/** The keys whose loss a person agreed to, by file, until it is saved: nobody is asked twice. */
const agreed = new WeakMap<Services['ui'], Map<string, Set<string>>>();

/** What becomes unreadable. */
export const lossWords = (): string =>
  t(
    'What was encrypted with this key, in databases and files anywhere, cannot be decrypted without it. Decrypt it first, or keep the key elsewhere. Undo brings the key back; later only older versions of the file have it.',
  );

/** Asks before a named encryption key goes: it says what becomes unreadable. @param verb what is done with the key, on the button */
export async function agreedToLoss(
  { ui }: Pick<Services, 'ui'>,
  uri: vscode.Uri,
  name: string,
  question: string,
  verb: string,
): Promise<boolean> {
  const sure = await ui.gesture(question, lossWords(), verb);
  if (sure) noteLoss({ ui }, uri, name);
  return sure;
}

/** A person wants a key to go: nothing more is said of it. */
export function noteLoss({ ui }: Pick<Services, 'ui'>, uri: vscode.Uri, name: string): void {
  const files = agreed.get(ui) ?? new Map<string, Set<string>>();
  agreed.set(ui, files.set(uri.toString(), new Set(files.get(uri.toString())).add(name)));
}

/** The names of the keys of a file whose loss a person agreed to since it was saved last. */
export const agreedLosses = ({ ui }: Pick<Services, 'ui'>, uri: vscode.Uri): ReadonlySet<string> =>
  agreed.get(ui)?.get(uri.toString()) ?? new Set();

/** The file was saved, or is as it was before. */
export function forgetLosses({ ui }: Pick<Services, 'ui'>, uri: vscode.Uri): void {
  agreed.get(ui)?.delete(uri.toString());
}

/** Another program put new keys into the file: what a person agreed to was about those before them. */
export async function forgetReplaced(services: Services, uri: vscode.Uri, before: string, now: string): Promise<void> {
  for (const { name } of await lostSince(services, uri, now, before))
    agreed.get(services.ui)?.get(uri.toString())?.delete(name);
}

/** The keys of a file that a later text of it has no more. None where either cannot be opened now. */
export async function lostSince(
  services: Services,
  uri: vscode.Uri,
  before: string,
  after: string,
): Promise<readonly LostKey[]> {
  if (before === after || !mayHoldKeys(before)) return [];
  const { sessions } = services;
  const dotenvx = (text: string, publicKey: string) => dotenvxSecret(services, uri, text, publicKey);
  const compare = (old: Session) =>
    sessions.with(uri, after, async (now) => lostBetween(old.state, now.state), old, dotenvx);
  return sessions.with(uri, before, compare, undefined, dotenvx);
}

const lostBetween = (before: FileState, after: FileState): readonly LostKey[] =>
  before.kind === 'open' && 'opened' in after
    ? lostKeys(before.opened, after.sealed.leaves, ({ id }) => after.opened.value(id))
    : [];

/** The same question before one gets another value. True without a key that would be lost. */
export async function mayReplaceKey(
  services: Pick<Services, 'ui'>,
  uri: vscode.Uri,
  lost: string | undefined,
): Promise<boolean> {
  if (lost === undefined) return true;
  const question = t('Replace the encryption key {0} in {1}?', visible(lost), fileName(uri));
  return agreedToLoss(services, uri, lost, question, t('Replace'));
}

/** The same before entries go. True without a key among them. */
export async function mayRemoveKeys(
  services: Pick<Services, 'ui'>,
  uri: vscode.Uri,
  lost: readonly string[],
): Promise<boolean> {
  for (const name of lost) {
    const question = t('Remove the encryption key {0} from {1}?', visible(name), fileName(uri));
    if (!(await agreedToLoss(services, uri, name, question, t('Remove')))) return false;
  }
  return true;
}

/** The same for each key that a text has no more. */
export async function mayLoseKeys(
  services: Pick<Services, 'ui'>,
  uri: vscode.Uri,
  lost: readonly LostKey[],
): Promise<boolean> {
  for (const { name, isGone } of lost) {
    const sure = isGone ? mayRemoveKeys(services, uri, [name]) : mayReplaceKey(services, uri, name);
    if (!(await sure)) return false;
  }
  return true;
}
