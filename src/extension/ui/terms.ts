import * as vscode from 'vscode';
import { dayOf } from '../../core/checklist/checklist.ts';
import type { Term } from '../../core/policy/policy.ts';
import { daysBetween, expiryState } from '../../core/policy/stale.ts';
import { visible } from '../../core/tree/path.ts';

const { t } = vscode.l10n;

interface TermWords {
  /** Both in a few words. */
  readonly text: string;
  readonly owner: string | undefined;
  readonly expiry: string | undefined;
  readonly state: 'due' | 'overdue' | undefined;
}

/** The owner and the expiry of a secret; undefined where nothing is agreed. Not escaped for Markdown. */
export function termWords({ owner, expires }: Term, now: Date): TermWords | undefined {
  const today = dayOf(now);
  const state = expiryState(expires, today);
  const both = [owner && visible(owner), expires && expiryWords(expires, today)] as const;
  // What is urgent comes first: there may be no room for the rest.
  const words = (state ? both.toReversed() : both).filter(Boolean);
  return words.length === 0 ? undefined : { text: words.join(', '), owner: both[0], expiry: both[1], state };
}

function expiryWords(expires: string, today: string): string {
  const days = daysBetween(today, expires);
  if (days === 0) return t('due today');
  if (days < 0) return t('overdue since {0}', expires);
  if (expiryState(expires, today) === undefined) return t('until {0}', expires);
  return days === 1 ? t('due tomorrow') : t('due in {0} days', days);
}
