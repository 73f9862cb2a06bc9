import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import { uncovered } from './config.ts';
import type { Desk, Outcome } from './desk.ts';
import type { PlainFile } from './find.ts';
import { rulesWithoutAge } from './withoutage.ts';

const { t } = vscode.l10n;

/** In the workspace's state: the files that were ticked to be encrypted, and those that were not. */
const stateKey = 'lockstep.setUp.files';

interface Choice {
  readonly chosen: readonly string[];
  readonly left: readonly string[];
}

function choiceOf({ context }: Services): Choice {
  const found = context.workspaceState.get<Partial<Choice>>(stateKey);
  const names = (list: unknown) => (Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []);
  return { chosen: names(found?.chosen), left: names(found?.left) };
}

/** The files that are chosen, and still plaintext. */
export async function chosenFiles({ services, plain }: Desk): Promise<readonly vscode.Uri[]> {
  const { chosen } = choiceOf(services);
  return (await plain()).map(({ uri }) => uri).filter((uri) => chosen.includes(uri.toString()));
}

/** How many files are chosen or left as they are; undefined while one is neither. */
export async function decided({ services, plain }: Desk): Promise<{ chosen: number; left: number } | undefined> {
  const { chosen, left } = choiceOf(services);
  const found = (await plain()).map(({ uri }) => uri.toString());
  if (found.some((one) => !chosen.includes(one) && !left.includes(one))) return undefined;
  const count = (list: readonly string[]) => found.filter((one) => list.includes(one)).length;
  return { chosen: count(chosen), left: count(left) };
}

/** Asks which of the plain files are to be encrypted. */
export async function chooseFiles(desk: Desk, title: string): Promise<Outcome> {
  const { services, plain } = desk;
  const found = await plain();
  if (found.length === 0) return 'done';
  // A new rule would name an age key: who goes without one ticks such a file only on purpose.
  const withoutAge = (await services.vault.keys()).length === 0 && (await rulesWithoutAge(desk)) !== undefined;
  const bare = withoutAge
    ? await uncovered(
        services,
        found.map(({ uri }) => uri),
      )
    : [];
  const items = found.map(({ uri, holds }) => ({
    label: fileName(uri),
    description: wordsFor(holds),
    picked: !bare.includes(uri),
    uri,
  }));
  const placeholder = t('Each file is encrypted in place. Names, order and comments stay.');
  const chosen = await services.ui.pickMany(items, { title, placeholder });
  if (!chosen) return 'left';
  const names = chosen.map(({ uri }) => uri.toString());
  const others = found.map(({ uri }) => uri.toString()).filter((one) => !names.includes(one));
  await services.context.workspaceState.update(stateKey, { chosen: names, left: others } satisfies Choice);
  return 'done';
}

function wordsFor(holds: PlainFile['holds']): string {
  if (holds === 'key') return t('a private key');
  if (holds === 'store') return t('a key store');
  return holds === 1 ? t('1 plaintext value') : t('{0} plaintext values', holds);
}
