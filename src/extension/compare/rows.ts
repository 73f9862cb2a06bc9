import * as vscode from 'vscode';
import type { Change, Comparison, Row } from '../../core/compare/compare.ts';
import { shortMark } from '../../core/compare/fingerprints.ts';
import type { Entry } from '../../core/compare/side.ts';
import { labelOf } from '../../core/sops/label.ts';
import type { Action, Cell, Row as ViewRow } from '../../protocol/versions.ts';
import { changeWords, kindWords } from './words.ts';

const { t } = vscode.l10n;

/** Names a row by what it is, so that it means no other one after a refresh. */
export const idOf = ({ before, after }: Row): string => JSON.stringify([before?.id ?? null, after?.id ?? null]);

/** What the page shows of an entry. @param how `goes`: the newer version is a file that can be opened */
export function viewRow(row: Row, comparison: Comparison, { goes }: { readonly goes: boolean }): ViewRow {
  const { document, path, changes, before, after } = row;
  const shown = comparison.file.dataKey ? changes.filter((change) => change !== 'resealed') : changes;
  const isUnknown = comparison.byCiphertext && shown.length === 0 && before?.mark === undefined;
  return {
    id: idOf(row),
    kind: 'entry',
    name: labelOf({ document, path, occurrence: (after ?? before)?.occurrence ?? 0 }),
    tone: toneOf(shown),
    state:
      shown.length > 0
        ? shown.map((change) => changeWords(change, row)).join(', ')
        : isUnknown
          ? t('same ciphertext')
          : t('same'),
    cells: [before, after].map((entry) => cellOf(entry, changes.includes('kind'))),
    actions: goes && after ? ['go'] : [],
  };
}

function toneOf(changes: readonly Change[]): ViewRow['tone'] {
  if (changes.length === 0) return 'same';
  if (changes.includes('added')) return 'added';
  if (changes.includes('removed')) return 'removed';
  if (changes.includes('cleared')) return 'conflict';
  if (changes.some((one) => one === 'value' || one === 'kind' || one === 'ciphertext' || one === 'encrypted'))
    return 'changed';
  return changes.includes('moved') || changes.includes('renamed') ? 'moved' : 'note';
}

/** Most values are texts: that is said only where one was or is none. */
function cellOf(entry: Entry | undefined, saysText: boolean): Cell {
  if (!entry) return { kind: 'none', text: '', shows: false };
  const { kind, mark, sealed } = entry;
  if (kind === 'null') return { kind: 'words', text: 'null', shows: false };
  const kinds = kind === 'str' && !saysText ? [] : [kindWords(kind)];
  const words = [...kinds, ...(sealed ? [] : [t('not encrypted')])].join(', ');
  return { kind: 'hidden', text: words, shows: mark !== undefined, ...(mark ? { mark: shortMark(mark) } : {}) };
}

export const actionsOf = (locked: boolean, showsEqual: boolean): Action[] => [
  ...(locked ? [{ id: 'unlock', label: t('Unlock'), primary: true }] : []),
  { id: 'equal', label: t('Show Equal Entries'), pressed: showsEqual },
  { id: 'refresh', label: t('Compare Again') },
];

export const rowActions = (): Action[] => [{ id: 'go', label: t('Go to Entry') }];
