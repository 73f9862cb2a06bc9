import { bareRecipient } from '../age/sshkey.ts';
import { requiredGroups } from '../keys/shamir.ts';
import type { KeyName } from '../sops/masterkey.ts';
import type { EncryptedFacts, FileFacts } from './facts.ts';

/** Whether these recipients' keys, together, open a file: one key of as many groups as it needs. */
export function canOpen(
  { groups, threshold }: Pick<EncryptedFacts, 'groups' | 'threshold'>,
  recipients: ReadonlySet<string>,
): boolean {
  const reached = groups.filter((keys) => keys.some(({ name }) => recipients.has(bareRecipient(name)))).length;
  return reached > 0 && reached >= requiredGroups(groups.length, threshold);
}

/** What a file is at a glance: one word, the most urgent that holds. */
export type Condition =
  | 'plain'
  | 'damaged'
  | 'conflict'
  | 'unread'
  | 'bad-rule'
  | 'no-rule'
  | 'differs'
  | 'not-yours'
  | 'encrypted'
  | 'none';

/** @param own the recipients of one's own keys, without comments; undefined where they do not count. */
export function conditionOf(facts: FileFacts, own?: ReadonlySet<string>): Condition {
  switch (facts.kind) {
    case 'broken':
      return facts.plain ? 'plain' : facts.code === 'TOO_LARGE' ? 'unread' : 'damaged';
    case 'encrypted':
      if (facts.damage) return 'damaged';
      if (facts.drift.kind !== 'same') return facts.drift.kind;
      return own && !canOpen(facts, own) ? 'not-yours' : 'encrypted';
    default:
      return facts.kind;
  }
}

/** A recipient, and what it has to do with one file. */
interface Access {
  readonly key: KeyName;
  /** `has`: as the rule says. `lacks`: the rule names it, the file does not. `extra`: the other way round. */
  readonly kind: 'has' | 'lacks' | 'extra';
  /** 0-based. */
  readonly group: number;
}

/** Everybody who can read a file, and who should, in the order of its groups. */
export function accessOf({ groups, drift }: EncryptedFacts): Access[] {
  if (drift.kind !== 'differs')
    return groups.flatMap((keys, group) => keys.map((key): Access => ({ key, kind: 'has', group })));
  return drift.plan.diff.flatMap(({ kept, added, removed }, group) => [
    ...kept.map((key): Access => ({ key, kind: 'has', group })),
    ...removed.map((key): Access => ({ key, kind: 'extra', group })),
    ...added.map((key): Access => ({ key, kind: 'lacks', group })),
  ]);
}
