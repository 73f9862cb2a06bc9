import type { Rule } from '../rules/rules.ts';
import { isAge, kindNames } from '../sops/kinds.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { ownOthers } from './others.ts';
import { requiredGroups } from './shamir.ts';

type Wanted = Pick<Rule, 'groups' | 'shamirThreshold'>;

/**
 * Whether a person can go without an age key where these rules hold: each names keys, and enough of its groups name a key of the user's gpg, or
 * none of age at all, which an age key would not help with. Asks nobody; gpg may list its keys.
 */
export async function goWithoutAge(rules: readonly Wanted[]): Promise<boolean> {
  const named = rules.filter(({ groups }) => groups.flat().length > 0);
  if (!named.every(({ groups }) => groups.flat().some(({ kind }) => !isAge(kind)))) return false;
  const own = await ownOthers(named.flatMap(({ groups }) => groups.flat()));
  const isReached = (keys: readonly KeyName[]) =>
    keys.length > 0 && (keys.every(({ kind }) => !isAge(kind)) || keys.some((key) => own.includes(key)));
  const opens = ({ groups, shamirThreshold }: Wanted) =>
    groups.filter(isReached).length >= requiredGroups(groups.length, shamirThreshold);
  return named.length > 0 && named.every(opens);
}

/** What kinds of keys other than age's some rules name, for a person. */
export function kindsOf(rules: readonly Wanted[]): string {
  const kinds = rules.flatMap(({ groups }) => groups.flat().flatMap(({ kind }) => (isAge(kind) ? [] : [kind])));
  return [...new Set(kinds)].map((kind) => kindNames[kind]).join(', ');
}
