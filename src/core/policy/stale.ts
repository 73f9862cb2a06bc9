import { others, type Policy, type PolicyFault } from './policy.ts';

/** An entry of a file, as `labelOf` names it. */
interface Secret {
  readonly file: string;
  readonly entry: string;
}

/**
 * Why a secret, or a line of the policy, needs somebody. `overdue`: its day has come. `due`: it comes soon. `no-owner`. `gone`: there
 * is no such file or entry. `date`, `field`, `kind`: the line of the policy is wrong.
 */
export interface Stale extends Secret {
  readonly why: 'overdue' | 'due' | 'no-owner' | 'gone' | PolicyFault['what'];
  readonly owner: string | undefined;
  readonly expires: string | undefined;
  /** Days from today to that day; negative when it is past. */
  readonly days: number | undefined;
  /** Of the policy, 1-based, where the line is what is wrong. */
  readonly line: number | undefined;
}

/** So many days before its day a secret is due. */
const soon = 14;
const day = 24 * 60 * 60 * 1000;

/** Days from one day to another, both `YYYY-MM-DD`. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / day);

/** What becomes of a secret with this expiry, on a day. */
export function expiryState(expires: string | undefined, today: string): 'overdue' | 'due' | undefined {
  const days = expires === undefined ? undefined : daysBetween(today, expires);
  if (days === undefined || days > soon) return undefined;
  return days <= 0 ? 'overdue' : 'due';
}

const order: readonly Stale['why'][] = ['overdue', 'due', 'date', 'field', 'kind', 'gone', 'no-owner'];

/**
 * What needs somebody, the most urgent first.
 * @param secrets every encrypted entry of the repository
 * @param unread files whose entries are not known: nothing of them is gone
 */
export function staleIn(
  policy: Policy,
  secrets: readonly Secret[],
  today: string,
  unread: readonly string[] = [],
): Stale[] {
  const there = new Set(secrets.map(keyOf));
  const files = new Set(secrets.map(({ file }) => file));
  const blank = { owner: undefined, expires: undefined, days: undefined, line: undefined };
  const found: Stale[] = [];
  for (const { file, entry } of secrets) {
    const { owner, expires } = policy.of(file, entry);
    const state = expiryState(expires, today);
    const days = expires === undefined ? undefined : daysBetween(today, expires);
    if (state) found.push({ ...blank, file, entry, why: state, owner, expires, days });
    if (owner === undefined) found.push({ ...blank, file, entry, why: 'no-owner', expires, days });
  }
  for (const { what, file, entry, line } of policy.faults) found.push({ ...blank, file, entry, why: what, line });
  for (const { file, entry, line } of policy.entries) {
    if (unread.includes(file)) continue;
    const known =
      entry === others ? file === others || files.has(file) : file === others || there.has(keyOf({ file, entry }));
    if (!known) found.push({ ...blank, file, entry, why: 'gone', line });
  }
  return found.sort((a, b) => order.indexOf(a.why) - order.indexOf(b.why) || (a.days ?? 0) - (b.days ?? 0));
}

const keyOf = ({ file, entry }: Secret) => JSON.stringify([file, entry]);
