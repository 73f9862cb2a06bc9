import * as vscode from 'vscode';
import type { Condition } from '../../core/survey/access.ts';
import type { Environment } from '../../core/survey/environment.ts';
import type { FileFacts } from '../../core/survey/facts.ts';

const { t } = vscode.l10n;

/** How a condition looks: a sign of its own each, so that colour is not all that tells them apart. */
interface Look {
  readonly icon: string;
  readonly color?: string;
  /** In a few words, behind the name of a file. Empty for what is as it should be. */
  readonly short: string;
  /** A sentence, with the next step. */
  readonly long: string;
}

const warning = 'list.warningForeground';
const error = 'list.errorForeground';

/** Every condition of a file in words; `none` has no place in a view. */
export function lookOf(condition: Exclude<Condition, 'none'>): Look {
  switch (condition) {
    case 'encrypted':
      return { icon: 'lock', short: '', long: t('Encrypted, for the readers in its rule.') };
    case 'plain':
      return { icon: 'unlock', color: warning, short: t('plaintext'), long: t('Plaintext. Encrypt it.') };
    case 'no-rule':
      return {
        icon: 'question',
        short: t('no rule'),
        long: t('Encrypted, but no rule in .sops.yaml covers it. Write one, or nothing says who is to read it.'),
      };
    case 'bad-rule':
      return {
        icon: 'warning',
        color: warning,
        short: t('rule cannot be used'),
        long: t('Encrypted, but its .sops.yaml cannot be read, or its rule names nobody. Correct the rule.'),
      };
    case 'differs':
      return {
        icon: 'diff',
        color: warning,
        short: t('readers differ'),
        long: t('Encrypted, but for other readers than its rule names. Update who can read it.'),
      };
    case 'not-yours':
      return {
        icon: 'key',
        color: 'disabledForeground',
        short: t('not readable by you'),
        long: t('Encrypted, for none of your keys. Ask somebody who can read it.'),
      };
    case 'damaged':
      return {
        icon: 'error',
        color: error,
        short: t('damaged'),
        long: t('It fails verification, or cannot be parsed. Compare it with the last commit.'),
      };
    case 'conflict':
      return {
        icon: 'git-merge',
        color: error,
        short: t('in a merge conflict'),
        long: t('A merge left conflict markers in it. Resolve the conflict.'),
      };
    case 'unread':
      return {
        icon: 'circle-slash',
        color: warning,
        short: t('cannot be read'),
        long: t('It cannot be read, or is too large to look at, so nothing is known about it.'),
      };
  }
}

/** How much a file holds, as a part of a list; undefined where that is not known. */
export function countOf(facts: FileFacts): string | undefined {
  if (facts.kind !== 'encrypted' && facts.kind !== 'plain') return undefined;
  const { values } = facts;
  if (values === 'key') return t('private key');
  if (values === 'store') return t('key store');
  if (facts.format === 'binary') return t('whole file');
  return values === 1 ? t('1 secret') : t('{0} secrets', values);
}

export function environmentName(environment: Environment | undefined): string {
  switch (environment) {
    case 'production':
      return t('Production');
    case 'staging':
      return t('Staging');
    case 'testing':
      return t('Testing');
    case 'preview':
      return t('Preview');
    case 'development':
      return t('Development');
    case undefined:
      return t('Other Files');
  }
}

export const filesCount = (count: number): string => (count === 1 ? t('1 file') : t('{0} files', count));
