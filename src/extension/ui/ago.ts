import * as vscode from 'vscode';

const { t } = vscode.l10n;
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, roughly, as a part of a sentence: `changed {ago}`. Undefined for a time that is no time. */
export function ago(time: Date, now: Date): string | undefined {
  const ms = now.getTime() - time.getTime();
  if (Number.isNaN(ms)) return undefined;
  if (ms < 2 * minute) return t('just now');
  if (ms < hour) return t('{0} minutes ago', Math.floor(ms / minute));
  if (ms < 2 * hour) return t('1 hour ago');
  if (ms < day) return t('{0} hours ago', Math.floor(ms / hour));
  if (ms < 2 * day) return t('1 day ago');
  if (ms < 60 * day) return t('{0} days ago', Math.floor(ms / day));
  if (ms < 730 * day) return t('{0} months ago', Math.floor(ms / (30.44 * day)));
  return t('{0} years ago', Math.floor(ms / (365.25 * day)));
}
