import type { Change, Comparison, Row } from '../../core/compare/compare.ts';
import { shortMark } from '../../core/compare/fingerprints.ts';
import type { Entry } from '../../core/compare/side.ts';
import type { Names } from '../../core/people/names.ts';
import { labelOf } from '../../core/sops/label.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import { showPath, visible } from '../../core/tree/path.ts';
import { named } from '../keys/names.ts';
import type { Compared } from './comparing.ts';

/** What became of one file, for people: its name, and a line for each thing. No value is in it. */
export function linesOf({ pair, comparison }: Compared, names: Names): string[] {
  if (!comparison) return [];
  const title = pair.from === pair.path ? pair.path : `${pair.from} → ${pair.path}`;
  const { file, rows } = comparison;
  const shown = rows.filter(({ changes }) => changes.length > 0 && !(file.dataKey && isOnlyResealed(changes)));
  return [visible(title), ...factsOf(comparison, names).map(indented), ...shown.map((row) => indented(rowOf(row)))];
}

const indented = (words: readonly string[]) => `  ${words.map(visible).join('\t')}`.trimEnd();
const isOnlyResealed = (changes: readonly Change[]) => changes.every((one) => one === 'resealed');

function factsOf({ file, rows }: Comparison, names: Names): string[][] {
  const lines: string[][] = [];
  if (file.presence) lines.push(['file', file.presence]);
  if (file.sealed) lines.push(['file', file.sealed === 'encrypted' ? 'encrypted now' : 'in clear text now']);
  const tell = (key: KeyName, what: string) => lines.push(['reader', what, keyWords(names, key)]);
  for (const key of file.readers.added) tell(key, 'added');
  for (const key of file.readers.removed) tell(key, 'removed');
  if (file.groups) lines.push(['key groups', 'changed']);
  if (file.selector) lines.push(['what is encrypted', 'changed']);
  if (file.dataKey) {
    const anew = rows.filter(({ changes }) => changes.includes('resealed')).length;
    const also = `${anew === 1 ? '1 value' : `${anew} values`} encrypted anew without a change`;
    lines.push(['data key', anew === 0 ? 'new' : `new; ${also}`]);
  }
  if (file.comments) lines.push(['comments at the end', 'changed']);
  return lines;
}

const keyWords = (names: Names, key: KeyName) => `${key.kind === 'age' ? '' : `${key.kind} `}${named(names, key)}`;

/** The entry, what became of it, and what each side has: its kind and its fingerprint. */
function rowOf(row: Row): string[] {
  const what = row.changes.map((change) => words(change, row)).join(', ');
  return [labelIn(row), what, heldWords(row.before), heldWords(row.after)];
}

const labelIn = ({ document, path, before, after }: Row) =>
  labelOf({ document, path, occurrence: (after ?? before)?.occurrence ?? 0 });

function words(change: Change, { from }: Row): string {
  switch (change) {
    case 'value':
      return 'changed';
    case 'kind':
      return 'other kind';
    case 'moved':
    case 'renamed':
      return from ? `${change} from ${showPath(from)}` : change;
    case 'comment':
      return 'comment changed';
    case 'encrypted':
      return 'encrypted now';
    case 'cleared':
      return 'in clear text now';
    case 'resealed':
      return 'encrypted anew, same value';
    case 'ciphertext':
      return 'other ciphertext';
    default:
      return change;
  }
}

function heldWords(entry: Entry | undefined): string {
  if (!entry) return '-';
  return [entry.kind, entry.mark ? shortMark(entry.mark) : ''].filter(Boolean).join(' ');
}

/** The same for programs: names and kinds, and no fingerprint. */
export function factsOfFile({ pair, comparison, before, after }: Compared): object {
  const about = { file: pair.path, from: pair.from === pair.path ? undefined : pair.from };
  if (!comparison)
    return { ...about, unreadable: before.fault ? 'before' : 'after', code: (before.fault ?? after.fault)?.code };
  const { file, rows, byCiphertext } = comparison;
  const keys = (all: readonly KeyName[]) => all.map(({ kind, name }) => (kind === 'age' ? name : `${kind} ${name}`));
  return {
    ...about,
    by: byCiphertext ? 'ciphertext' : 'values',
    presence: file.presence,
    sealed: file.sealed,
    conflict: pair.unmerged || undefined,
    readers: { added: keys(file.readers.added), removed: keys(file.readers.removed) },
    groups: file.groups,
    selector: file.selector,
    dataKey: file.dataKey,
    comments: file.comments,
    entries: rows.filter(({ changes }) => changes.length > 0).map(factsOfRow),
  };
}

function factsOfRow(row: Row): object {
  return {
    entry: labelIn(row),
    document: row.document,
    path: row.path,
    from: row.from,
    changes: row.changes,
    before: row.before?.kind,
    after: row.after?.kind,
  };
}
