import * as vscode from 'vscode';
import { type Names, namedKey } from '../../core/people/names.ts';
import { abbreviated } from '../../core/platform/git.ts';
import { sameKey } from '../../core/sops/masterkey.ts';
import type { Metadata } from '../../core/sops/metadata.ts';
import { visible } from '../../core/tree/path.ts';
import type { Row, View } from '../../protocol/versions.ts';
import { fileName, wordsOfAny } from '../ui/words.ts';
import type { Past } from '../versions/picking.ts';

const { t } = vscode.l10n;

/** An entry of an old version. No value is in it. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly isText: boolean;
  /** Whether the file has the same value there now; undefined where that cannot be seen. */
  readonly since: 'same' | 'changed' | 'removed' | undefined;
}

/** What an old version is, or why it cannot be opened. */
export type Picture =
  | { readonly kind: 'entries'; readonly entries: readonly Entry[]; readonly metadata: Metadata }
  | { readonly kind: 'fault'; readonly error: unknown };

/** The page of an old version: one column. */
export function viewOf(uri: vscode.Uri, past: Past, picture: Picture, names: Names, locked: boolean): View {
  const { commit, name } = past;
  const when = commit.time.toISOString().slice(0, 10);
  return {
    title: t('{0} as of {1}', fileName(uri), visible(name)),
    notes: [
      {
        tone: 'info',
        text: t('{0}, {1}, {2}: {3}', abbreviated(commit.hash), when, visible(commit.author), visible(commit.summary)),
      },
      ...notesOf(picture, names, locked),
    ],
    columns: [visible(name)],
    rows: picture.kind === 'entries' ? picture.entries.map(rowOf) : [],
    nothing: picture.kind === 'entries' ? t('The file has no entry there.') : t('Nothing can be shown.'),
    actions: locked ? [{ id: 'unlock', label: t('Unlock'), primary: true }] : [],
    rowActions: [],
  };
}

function notesOf(picture: Picture, names: Names, locked: boolean): View['notes'] {
  if (picture.kind === 'entries') {
    const readers = picture.metadata.groups.flat();
    const once = readers.filter((key, i) => readers.findIndex((other) => sameKey(key, other)) === i);
    return [{ tone: 'info', text: t('Readable then by {0}', once.map((key) => namedKey(names, key)).join(', ')) }];
  }
  const { message, next } = wordsOfAny(picture.error);
  return locked ? [] : [{ tone: 'error', text: `${message} ${next}` }];
}

function rowOf({ id, name, isText, since }: Entry): Row {
  const [tone, state] = sinceWords(since);
  return {
    ...{ id, kind: 'entry', name, tone, state, actions: [] },
    cells: [{ kind: 'hidden', text: isText ? '' : t('binary'), shows: isText }],
  };
}

function sinceWords(since: Entry['since']): [Row['tone'], string] {
  if (since === 'changed') return ['changed', t('another value now')];
  if (since === 'removed') return ['removed', t('not there now')];
  return ['same', since === 'same' ? t('the same now') : ''];
}
