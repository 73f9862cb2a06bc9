import * as vscode from 'vscode';
import type { Conflict } from '../../core/merge/versions.ts';
import { type Names, namedKey } from '../../core/people/names.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import { visible } from '../../core/tree/path.ts';
import type { Action, Cell, Row, View } from '../../protocol/versions.ts';
import { fileName, wordsOfAny } from '../ui/words.ts';
import type { Entry } from './picture.ts';
import type { Resolving } from './resolving.ts';
import { type Side, type SideFault, sides } from './three.ts';

const { t } = vscode.l10n;

type Note = View['notes'][number];

/** What the page is told besides what the versions are. */
interface About {
  readonly names: Names;
  /** git calls the branch that one rebases onto ours. */
  readonly rebasing: boolean;
  /** Why the last look at the versions failed. */
  readonly locked: boolean;
}

/** The page of a conflict: three columns, entries in conflict first. Names and kinds only. */
export function viewOf(resolving: Resolving, about: About): View {
  const { picture, uri, open } = resolving;
  const clashes = resolving.entries.filter(({ state }) => state === 'conflict');
  const merged = resolving.entries.filter(({ state }) => state !== 'conflict');
  return {
    title: t('Resolve: {0}', fileName(uri)),
    notes: [...notesOf(resolving, about), ...(about.rebasing ? [rebasing()] : [])],
    columns: [t('Ancestor'), t('Ours'), t('Theirs')],
    rows: [
      ...(clashes.length > 0
        ? [
            heading(
              'clashes',
              clashes.every(isOfBoth) ? t('Changed on both sides') : t('Yours to decide'),
              counted(clashes.length - open.length, clashes.length),
            ),
          ]
        : []),
      ...clashes.map((entry) => clashRow(resolving, entry)),
      ...(merged.length > 0 ? [heading('merged', t('Merged automatically'), '')] : []),
      ...merged.map((entry) => mergedRow(entry)),
    ],
    nothing: picture.kind === 'fault' ? t('The versions cannot be merged.') : t('No entry is in conflict.'),
    actions: actionsOf(resolving, about),
    rowActions: [{ id: 'type', label: t('Type a Value…') }],
  };
}

const counted = (done: number, all: number) => t('{0} of {1} decided', done, all);

const heading = (id: string, name: string, state: string): Row => ({
  ...{ id, kind: 'heading', name, tone: 'note', state, cells: [], actions: [] },
});

function clashRow(resolving: Resolving, entry: Entry): Row {
  const choice = resolving.choiceOf(entry);
  const { id, name, typeable } = entry;
  return {
    id,
    kind: 'entry',
    name: name || t('The whole file'),
    tone: choice ? 'done' : 'conflict',
    state: choice ? chosen(choice) : effects(entry),
    cells: sides.map((side) => cellOf(entry, side, choice)),
    actions: typeable ? ['type'] : [],
  };
}

function cellOf(entry: Entry, side: Side, choice: ReturnType<Resolving['choiceOf']>): Cell {
  const isTyped = choice === 'typed' && entry.typeable?.side === side;
  const text = isTyped ? t('typed') : '';
  const open = side === 'base' ? {} : { choice: choice === side || isTyped ? ('chosen' as const) : ('open' as const) };
  if (!entry.has[side]) return { kind: 'none', text: t('not there'), shows: false, ...open };
  // Bytes of a file are nothing to look at.
  return { kind: 'hidden', text, shows: entry.path.length > 0, ...open };
}

function mergedRow(entry: Entry): Row {
  const { id, name, ours, theirs, state } = entry;
  const effect = state === 'theirsOnly' ? theirs : ours;
  return {
    id,
    kind: 'entry',
    name,
    tone: effect === 'same' ? 'note' : effect,
    state:
      state === 'bothSame' ? t('the same on both sides') : state === 'mineOnly' ? t('from ours') : t('from theirs'),
    cells: sides.map((side) =>
      entry.has[side]
        ? { kind: 'hidden', text: '', shows: true }
        : { kind: 'none', text: t('not there'), shows: false },
    ),
    actions: [],
  };
}

function chosen(choice: 'ours' | 'theirs' | 'typed'): string {
  if (choice === 'typed') return t('typed');
  return choice === 'ours' ? t('ours is taken') : t('theirs is taken');
}

const isOfBoth = ({ ours }: Entry) => ours !== 'same';

function effects({ ours, theirs }: Entry): string {
  if (ours === 'same')
    return theirs === 'removed' ? t('unchanged in ours, removed in theirs') : t('unchanged in ours, changed in theirs');
  if (ours === theirs) return ours === 'added' ? t('added on both sides') : t('changed on both sides');
  return ours === 'removed' ? t('removed in ours, changed in theirs') : t('changed in ours, removed in theirs');
}

function actionsOf(resolving: Resolving, { locked }: About): Action[] {
  const { picture, open, entries } = resolving;
  if (locked) return [{ id: 'unlock', label: t('Unlock'), primary: true }];
  const blocks = picture.kind === 'entries' ? picture.conflicts.filter(({ kind }) => kind !== 'comments') : [];
  if (picture.kind === 'fault' || blocks.some(({ kind }) => kind !== 'readers')) return wholes();
  if (blocks.length > 0) return [{ id: 'readers', label: t('Let Them Read It…'), primary: true }, ...wholes()];
  if (open.length === 0) return [{ id: 'save', label: t('Save Merged File'), primary: true }];
  const all = open.length === entries.filter(({ state }) => state === 'conflict').length;
  return [
    { id: 'restOurs', label: all ? t('Take Ours') : t('Take Ours for the Rest') },
    { id: 'restTheirs', label: all ? t('Take Theirs') : t('Take Theirs for the Rest') },
  ];
}

const wholes = (): Action[] => [
  { id: 'wholeOurs', label: t('Take Ours as a Whole…') },
  { id: 'wholeTheirs', label: t('Take Theirs as a Whole…') },
];

function notesOf({ picture, edited, open }: Resolving, { names, locked }: About): Note[] {
  if (locked) return [];
  if (picture.kind === 'fault') return [faultNote(picture.fault)];
  const lines = (keys: readonly KeyName[]) => keys.map((key) => namedKey(names, key)).join(', ');
  return [
    ...(edited
      ? [
          {
            tone: 'warning' as const,
            text: t('The file was edited after the merge: it has values that no version has. Saving replaces them.'),
          },
        ]
      : []),
    ...picture.conflicts.map((one) => conflictNote(one, lines)),
    ...(open.some(({ isKey }) => isKey)
      ? [
          {
            tone: 'warning' as const,
            text: t(
              'An encryption key is lost with the side that is not taken: what was encrypted with it cannot be decrypted without it.',
            ),
          },
        ]
      : []),
    ...(picture.joining.length > 0
      ? [
          {
            tone: 'info' as const,
            text: t(
              'These people are readers on our side, and can read what the other side changed: {0}',
              lines(picture.joining),
            ),
          },
        ]
      : []),
  ];
}

/** How a version is called in a sentence. */
const sideName = (side: Side): string =>
  ({ base: t('The common ancestor'), ours: t('Ours'), theirs: t('Theirs') })[side];

function faultNote({ side, cause }: SideFault): Note {
  const { message, next } = wordsOfAny(cause);
  return {
    tone: 'error',
    text: t('{0}: {1} {2} The file stays as git left it.', sideName(side), visible(message), next),
  };
}

const rebasing = (): Note => ({
  tone: 'info',
  text: t('You are rebasing: ours is the branch that you rebase onto, theirs is your own commit.'),
});

function conflictNote(
  conflict: Exclude<Conflict, { kind: 'entry' }>,
  lines: (keys: readonly KeyName[]) => string,
): Note {
  switch (conflict.kind) {
    case 'readers':
      return {
        tone: 'warning',
        text: t(
          'More people could read the merged file than one side says: {0}. Nothing in a file proves who put a reader there. Nothing is merged before you agree.',
          lines(conflict.added),
        ),
      };
    case 'groups':
      return {
        tone: 'error',
        text: t('Both sides changed the key groups, each in another way. Take one of them as a whole.'),
      };
    case 'nobody':
      return {
        tone: 'error',
        text: t('Nobody in a key group would be left, because each side removed others. Take one of them as a whole.'),
      };
    case 'selector':
      return {
        tone: 'error',
        text: t('Both sides changed what is encrypted, each in another way. Take one of them as a whole.'),
      };
    case 'comments':
      return {
        tone: 'info',
        text: t(
          'Both sides changed comments at one place. Only those of one side are in the merged file; the values are merged.',
        ),
      };
  }
}
