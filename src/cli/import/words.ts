import { dirname, join } from 'node:path';
import type { Kind, Missing } from '../../core/foreign/found.ts';
import type { LeftOver } from '../../core/foreign/left.ts';
import type { Fate, Planned } from '../../core/foreign/plan.ts';
import type { System } from '../../core/foreign/read/systems.ts';
import { showPath, visible } from '../../core/tree/path.ts';
import type { Io } from '../io.ts';
import { listed } from '../words/clearnote.ts';

const kinds: Readonly<Record<Kind, string>> = {
  plain: 'readable',
  number: 'number, kept as text',
  kestra: 'base64 for Kestra',
  fernet: 'Fernet',
  flet: 'Flet',
  flowfile: 'Flowfile',
  dotenvx: 'dotenvx',
  anvil: 'Anvil',
  'anvil-key': 'Anvil encryption key',
  'anvil-hosted': 'hosted by Anvil',
  ansible: 'ansible-vault',
};

const fates: Readonly<Record<Exclude<Fate, 'none'>, string>> = {
  new: 'new',
  same: 'there already',
  clash: 'clashes with another value',
  blocked: 'clashes with a group, or a value in the place of its group',
  replaced: 'replaces another value',
  kept: 'left out',
};

const missing: Readonly<Record<Missing, string>> = {
  key: 'to be set: there is no key for it',
  'wrong-key': 'to be set: no key opens it',
  damaged: 'to be set: it is damaged',
  hosted: 'to be set: only Anvil has its key',
  reference: 'left out: its value is elsewhere',
};

/** One line for each entry: its name, how it stands in its file, and what becomes of it. No value. */
export function previewOf(plan: readonly Planned[], system: System): string {
  const lines = plan.map(({ found, path, fate, within, renamed }) => {
    const own = showPath(found.path);
    const name = showPath(path);
    const apps = found.apps?.length ? `, for ${found.apps.map(visible).join(', ')}` : '';
    const what = fate === 'none' ? (found.why ? missing[found.why] : 'left out: the file cannot hold it') : fates[fate];
    const more = `${within && fate === 'clash' ? ' of the same file' : ''}${renamed ? ', under a new name' : ''}`;
    return `${own === name ? name : `${own} → ${name}`}\t${kinds[found.kind]}${apps}\t${what}${more}\n`;
  });
  return lines.length > 0 ? lines.join('') : `nothing in it (read as ${system})\n`;
}

interface Done {
  readonly from: string;
  readonly into: string;
  readonly count: number;
  readonly keyFiles: readonly string[];
}

/** What is left to do by hand: what is to be set, and what can be deleted. */
export function tellLeftOver({ writeStderr }: Io, { from, into, count, keyFiles }: Done, left: LeftOver): void {
  const tell = (words: string) => writeStderr(`lockstep: ${words}\n`);
  const names = (plan: readonly Planned[]) => listed(plan.map(({ found }) => showPath(found.path)));
  const file = visible(from);
  const what = count === 0 ? 'Nothing was' : count === 1 ? '1 value was' : `${count} values were`;
  tell(`${what} written into ${into}. ${file} is as it was.`);
  if (left.unset.length > 0) tell(`To be set: ${names(left.unset)}`);
  if (left.kept.length > 0) tell(`In ${file} alone: ${names(left.kept)}`);
  if (left.whole) {
    const near = keyFiles.map((path) => visible(join(dirname(from), path))).join(', ');
    const keys = near === '' ? '' : ` The same is true of its keys (${near}), which other files may need, too.`;
    tell(
      `To be deleted: ${file}, once no program reads it any more. What git has of it stays readable in its history.${keys}`,
    );
  } else if (left.entries.length > 0) {
    const lines = [...new Set(left.entries.flatMap(({ found }) => found.line ?? []))];
    const where = lines.length > 0 ? ` (${lines.length === 1 ? 'line' : 'lines'} ${listed(lines.map(String))})` : '';
    tell(`To be deleted from ${file}, once no program reads it there any more: ${names(left.entries)}${where}`);
  }
}
