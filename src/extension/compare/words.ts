import * as vscode from 'vscode';
import type { Change, Comparison, Row } from '../../core/compare/compare.ts';
import type { Entry, Side } from '../../core/compare/side.ts';
import { type Names, namedKey } from '../../core/people/names.ts';
import { showPath } from '../../core/tree/path.ts';
import type { View } from '../../protocol/versions.ts';

const { t } = vscode.l10n;

/** What became of an entry. */
export function changeWords(change: Change, { from }: Row): string {
  switch (change) {
    case 'added':
      return t('added');
    case 'removed':
      return t('removed');
    case 'value':
      return t('changed');
    case 'kind':
      return t('other kind');
    case 'moved':
      return from ? t('moved from {0}', showPath(from)) : t('moved');
    case 'renamed':
      return t('renamed from {0}', showPath(from ?? []));
    case 'comment':
      return t('comment changed');
    case 'encrypted':
      return t('encrypted now');
    case 'cleared':
      return t('in clear text now');
    case 'resealed':
      return t('encrypted anew, same value');
    case 'ciphertext':
      return t('other ciphertext');
  }
}

/** The kind of a value. */
export function kindWords(kind: Entry['kind']): string {
  return {
    str: t('text'),
    int: t('integer'),
    float: t('number'),
    bool: t('true / false'),
    time: t('time'),
    null: t('nothing'),
  }[kind];
}

/** What is to be known of the whole file. */
export function notesOf(
  { file, rows }: Comparison,
  sides: readonly (Side | undefined)[],
  titles: readonly string[],
  names: Names,
): View['notes'] {
  const info = (text: string) => ({ tone: 'info', text }) as const;
  const warning = (text: string) => ({ tone: 'warning', text }) as const;
  const list = (keys: readonly Parameters<typeof namedKey>[1][]) => keys.map((key) => namedKey(names, key)).join(', ');
  const anew = rows.filter(({ changes }) => changes.includes('resealed')).length;
  const sealed = sides.flatMap((side, i) => (side?.how === 'sealed' ? [titles[i] ?? ''] : []));
  const damaged = sides.flatMap((side, i) => (side?.damaged ? [titles[i] ?? ''] : []));
  return [
    ...sealed.map((title) =>
      warning(
        t('{0}: It could not be opened, so ciphertext was compared. Another ciphertext may be the same value.', title),
      ),
    ),
    ...damaged.map((title) =>
      warning(t('{0}: The MAC does not match. Somebody changed it without the key, or it is damaged.', title)),
    ),
    ...(file.presence === 'added' ? [info(t('{0} does not have the file.', titles[0] ?? ''))] : []),
    ...(file.presence === 'removed' ? [info(t('{0} does not have the file.', titles[1] ?? ''))] : []),
    ...(file.sealed === 'cleared' ? [warning(t('It was encrypted, and is not any more.'))] : []),
    ...(file.sealed === 'encrypted' ? [info(t('It was not encrypted before.'))] : []),
    ...(file.readers.added.length > 0
      ? [warning(t('Can read it now, and could not: {0}', list(file.readers.added)))]
      : []),
    ...(file.readers.removed.length > 0
      ? [info(t('Could read it, and cannot now: {0}', list(file.readers.removed)))]
      : []),
    ...(file.groups ? [info(t('The key groups are other ones.'))] : []),
    ...(file.selector ? [info(t('Which entries are encrypted is said otherwise.'))] : []),
    ...(file.dataKey
      ? [
          info(
            anew > 0
              ? t('The data key is another one. Encrypted anew without a change: {0}', anew)
              : t('The data key is another one.'),
          ),
        ]
      : []),
    ...(file.comments ? [info(t('The comments at the end are other ones.'))] : []),
  ];
}
