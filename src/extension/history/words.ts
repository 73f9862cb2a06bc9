import * as vscode from 'vscode';
import { type Names, namedKey } from '../../core/people/names.ts';
import { abbreviated } from '../../core/platform/git.ts';
import { visible } from '../../core/tree/path.ts';
import type { Change } from './list.ts';

const { t } = vscode.l10n;

/** What a commit did to the secret. */
export function kindWords({ kind, formerly, standsIn }: Change): string {
  const words = {
    added: t('Added'),
    changed: t('Changed'),
    removed: t('Removed'),
    renamed: t('Renamed from {0}', formerly ?? ''),
    unseen: t('Encrypted anew, not compared'),
  }[kind];
  return standsIn ? t('{0}, here or in a later commit', words) : words;
}

/** Who could read what a commit has. */
export function readersWords({ readers, kind }: Change, names: Names): string {
  if (kind === 'removed') return '';
  if (!readers) return t('In plaintext: everybody with the repository could read it');
  return t('Readable then by {0}', readers.map((key) => namedKey(names, key)).join(', '));
}

/** A commit, as a heading of it. */
export const hashOf = ({ commit: { made } }: Change): string => (made ? abbreviated(made.hash) : t('Not committed'));

/** Who made a commit, and what its message says, in one line. */
export const messageOf = ({ commit: { made } }: Change): string =>
  made ? visible(`${made.author}: ${made.summary}`) : '';
