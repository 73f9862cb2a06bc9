import * as vscode from 'vscode';
import type { Kind, Missing } from '../../core/foreign/found.ts';
import type { LeftOver } from '../../core/foreign/left.ts';
import type { Fate, Planned } from '../../core/foreign/plan.ts';
import { showPath, visible } from '../../core/tree/path.ts';

const { t } = vscode.l10n;

const kinds: Readonly<Record<Kind, () => string>> = {
  plain: () => t('readable'),
  number: () => t('number, kept as text'),
  kestra: () => t('base64 for Kestra'),
  fernet: () => 'Fernet',
  flet: () => 'Flet',
  flowfile: () => 'Flowfile',
  dotenvx: () => 'dotenvx',
  anvil: () => 'Anvil',
  'anvil-key': () => t('Anvil encryption key'),
  'anvil-hosted': () => t('hosted by Anvil'),
  ansible: () => 'ansible-vault',
};

const missing: Readonly<Record<Missing, () => string>> = {
  key: () => t('to be set: there is no key for it'),
  'wrong-key': () => t('to be set: no key opens it'),
  damaged: () => t('to be set: it is damaged'),
  hosted: () => t('to be set: only Anvil has its key'),
  reference: () => t('left out: its value is elsewhere'),
};

const fates: Readonly<Record<Exclude<Fate, 'none'>, () => string>> = {
  new: () => t('new'),
  same: () => t('there already'),
  clash: () => t('clashes with another value'),
  blocked: () => t('clashes with a group'),
  replaced: () => t('replaces another value'),
  kept: () => t('left out'),
};

/** An entry of the source in the list, by what is planned for it: its name, how it stands in its file, and what would become of it. */
export function itemOf(plan: readonly Planned[]): {
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
  readonly picked: boolean;
} {
  const [first] = plan;
  if (!first) return { label: '', description: '', picked: false };
  const { found } = first;
  const label = showPath(found.path);
  const worst = plan.find(({ fate }) => fate === 'clash' || fate === 'blocked') ?? first;
  const names = plan.map(({ path }) => showPath(path)).filter((name) => name !== label);
  const apps = found.apps?.length ? [found.apps.map(visible).join(', ')] : [];
  return {
    label,
    description: [kinds[found.kind](), ...apps, fateWords(worst)].join(' · '),
    ...(names.length > 0 && { detail: t('as {0}', listed(names)) }),
    picked: found.value !== undefined,
  };
}

function fateWords({ fate, found }: Planned): string {
  if (fate !== 'none') return fates[fate]();
  return found.why ? missing[found.why]() : t('left out: the file cannot hold it');
}

/** What a plan does, by names. */
export function summaryOf(plan: readonly Planned[]): string {
  const named = (words: (names: string) => string, fits: (one: Planned) => boolean) => {
    const names = plan.filter(fits).map(({ path }) => showPath(path));
    return names.length > 0 ? [words(listed(names))] : [];
  };
  return [
    ...named(
      (names) => t('New: {0}', names),
      ({ fate }) => fate === 'new',
    ),
    ...named(
      (names) => t('Replaced: {0}', names),
      ({ fate }) => fate === 'replaced',
    ),
    ...named(
      (names) => t('There already: {0}', names),
      ({ fate }) => fate === 'same',
    ),
    ...named(
      (names) => t('Left out: {0}', names),
      ({ fate }) => fate === 'kept',
    ),
  ].join('\n');
}

/** What was done, and what is left to do by hand. */
export function leftWords(
  from: string,
  into: string,
  count: number,
  keyFiles: readonly string[],
  left: LeftOver,
): string {
  const names = (plan: readonly Planned[]) => listed(plan.map(({ found }) => showPath(found.path)));
  const done =
    count === 0
      ? t('Nothing was written into {0}.', into)
      : count === 1
        ? t('1 value was imported into {0}.', into)
        : t('{1} values were imported into {0}.', into, count);
  return [
    done,
    ...(left.unset.length > 0 ? [t('To be set: {0}.', names(left.unset))] : []),
    ...(left.kept.length > 0 ? [t('In {0} alone: {1}.', from, names(left.kept))] : []),
    ...(left.whole ? [t('Delete {0} once no program reads it.', from)] : []),
    ...(left.whole && keyFiles.length > 0 ? [t('Other files may need its keys, too: {0}.', keyFiles.join(', '))] : []),
    ...(left.entries.length > 0
      ? [t('Delete from {0} once no program reads them there: {1}.', from, names(left.entries))]
      : []),
  ].join(' ');
}

/** The first names, and how many more there are. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? t('{0} and {1} more', shown, names.length - 10) : shown;
}
