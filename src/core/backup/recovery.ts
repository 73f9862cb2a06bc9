import { sameRecipient } from '../age/sshkey.ts';
import { namesIn } from '../people/names.ts';
import { withPerson } from '../people/roster.ts';
import { parseConfig, type Rule } from '../rules/rules.ts';
import type { KeyName } from '../sops/masterkey.ts';

/** The name of a recovery key in `.sops.yaml`. */
const recoveryName = 'Recovery';
const isRecovery = (name: string | undefined) => name !== undefined && /^recovery\b/i.test(name);

/**
 * A `.sops.yaml` whose every rule names a recovery key, in each of its groups, so that it opens a file alone. A rule that names nobody
 * stays as it is. Throws as `withPerson`.
 */
export function withRecovery(text: string, recipient: string): string {
  const places = (parseConfig(text).rules ?? []).flatMap(({ index, groups }) =>
    groups.flatMap((keys, group) => (keys.length > 0 ? [{ rule: index, group }] : [])),
  );
  return places.length > 0 ? withPerson(text, places, recipient, recoveryName).text : text;
}

/** The groups of a file with a recovery key in each. */
export function groupsWithRecovery(
  groups: readonly (readonly KeyName[])[],
  recipient: string,
): readonly (readonly KeyName[])[] {
  return groups.map((keys) => (holds(keys, recipient) ? keys : [...keys, { kind: 'age', name: recipient } as const]));
}

/**
 * The recovery keys of a `.sops.yaml`: those that a comment names so, and that every rule has. A comment alone lets nobody in. None for
 * a text that cannot be read.
 */
export function recoveryKeys(text: string): string[] {
  const rules = rulesOf(text).filter(({ groups }) => groups.some((keys) => keys.length > 0));
  if (rules.length === 0) return [];
  return [...namesIn(text)]
    .filter(([recipient, name]) => isRecovery(name) && rules.every((rule) => inEveryGroup(rule, recipient)))
    .map(([recipient]) => recipient);
}

/** Recipients of a new rule beside others, with the recovery keys that these have. */
export function recipientsWithRecovery(text: string | undefined, recipients: readonly string[]): string[] {
  const more = text === undefined ? [] : recoveryKeys(text);
  return [...recipients, ...more.filter((one) => !recipients.some((other) => sameRecipient(one, other)))];
}

function rulesOf(text: string): readonly Rule[] {
  try {
    return parseConfig(text).rules ?? [];
  } catch {
    return [];
  }
}

const inEveryGroup = ({ groups }: Rule, recipient: string) => groups.every((keys) => holds(keys, recipient));

const holds = (keys: readonly KeyName[], recipient: string) =>
  keys.some(({ kind, name }) => kind === 'age' && sameRecipient(name, recipient));
