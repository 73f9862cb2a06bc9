import { t } from '../editor/l10n.ts';

/** What the page itself says; all else comes from the host. */
export const words = {
  grid: t('Versions'),
  name: t('Name'),
  state: t('Change'),
  hidden: t('hidden'),
  nothing: t('nothing'),
  mark: (mark: string) => t('fingerprint {0}', mark),
  reveal: (column: string) => t('Reveal: {0}', column),
  hide: t('Hide'),
  choose: (column: string) => t('Take {0}', column),
  more: t('More Actions'),
  filter: t('Search names…'),
  matches: (count: number, all: number) => t('{0} of {1}', count, all),
  noMatch: t('No name matches.'),
  loading: t('Comparing…'),
  locked: t('Lockstep is locked: no value can be shown.'),
  presenting: t('Presentation mode is on: no value is shown.'),
  revealed: (seconds: number) => t('Shown for {0} seconds.', seconds),
  hiddenAgain: t('Hidden again.'),
  values: t('Values'),
  keys: t('Enter shows the values of a row, Escape hides them. 1, 2 and 3 take a version where there is a choice.'),
} as const;
