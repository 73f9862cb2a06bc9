import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rotate } from '../../../src/core/keys/rotate.ts';
import {
  addGroup,
  addRecipients,
  ageNames,
  deleteGroup,
  keptThreshold,
  removeRecipients,
  updateKeys,
} from '../../../src/core/keys/updatekeys.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { type Rule as CreationRule, matchRule, parseConfig } from '../../../src/core/rules/rules.ts';
import type { Change } from '../../../src/core/seal/sign.ts';
import { alice, bob, carol, later } from '../../core/support.ts';
import type { Plain } from './compare.ts';
import { configOf } from './sops.ts';

/** Who may be let in; a case speaks of them by number. */
const people = [alice, bob, carol];
export const everybody = [0, 1, 2];
/** Those who may come together, few first. */
export const companies = [[0], [1], [2], [0, 1], [0, 2], [1, 2], everybody];

/** Who is in each group, and `shamir_threshold`. */
export interface Layout {
  readonly groups: readonly (readonly number[])[];
  readonly threshold: number;
}

/** One encrypted file, and what both programs are to do to its keys. */
export interface KeyCase extends Plain {
  /** Whether sops encrypts it, or we. */
  readonly bySops: boolean;
  readonly before: Layout;
  readonly wanted: Layout;
  readonly come: readonly number[];
  readonly go: readonly number[];
  /** Chooses a group, and who tries to open the results with sops. */
  readonly which: number;
  /** A threshold that is asked for, met or not; 0 where none is. */
  readonly threshold: number;
}

const some = fc.oneof(
  { arbitrary: fc.constantFrom(...companies), weight: 4 },
  // sops leaves one of two out.
  { arbitrary: fc.constantFrom([0, 0], [2, 1, 2]), weight: 1 },
);
const layout: fc.Arbitrary<Layout> = fc
  .oneof(
    { arbitrary: fc.array(some, { minLength: 1, maxLength: 1 }), weight: 1 },
    { arbitrary: fc.array(some, { minLength: 2, maxLength: 4 }), weight: 1 },
  )
  .chain((groups) =>
    fc
      .constantFrom(...(groups.length === 1 ? [0, 0, 1, 2] : [0, 2, groups.length]))
      .map((threshold) => ({ groups, threshold })),
  );

/** What is asked for in a case. */
export const keyWishes = {
  before: layout,
  wanted: layout,
  come: some,
  go: some,
  which: fc.nat(1000),
  threshold: fc.constantFrom(0, 0, 1, 2, 2, 3),
};

/** A change of keys that both know. */
export interface KeyOperation {
  /** Whether the data key and with it every ciphertext is to stay, by us and by sops. */
  readonly keeps: { readonly ours: boolean; readonly theirs: boolean };
  readonly ours: (opened: Opened, one: KeyCase) => Promise<Change>;
  /** The words of sops, the file's name last; the rule of `wanted` is in force. */
  readonly theirs: (name: string, one: KeyCase) => string[];
  /** What comes of it, told from the case alone. */
  readonly after: (one: KeyCase) => Layout;
}

const recipients = (who: readonly number[]) => who.map((i) => (people[i] ?? assert.fail()).recipient);
/** Of these people, one each. */
export const identities = (who: readonly number[]) => who.map((i) => (people[i] ?? assert.fail()).identity);
const listed = (who: readonly number[]) => recipients(who).join(',');
const both = { ours: true, theirs: true };
const position = ({ before, which }: KeyCase) => which % before.groups.length;

/** The threshold that a file has: of several groups all are written out as their number. */
const stored = ({ groups, threshold }: Layout) => (groups.length > 1 && threshold === 0 ? groups.length : threshold);

/** Those who go leave every group; those who come are in the first. */
function exchanged({ before }: KeyCase, come: readonly number[], go: readonly number[]): Layout {
  const groups = before.groups.map((group, i) =>
    [...group, ...(i === 0 ? come : [])].filter((one) => !go.includes(one)),
  );
  return { ...before, groups };
}

/** Not those who are there: sops adds them once more, and its `--rm-age` then takes away one of the two. */
const newcomers = ({ before, come }: KeyCase) => [...new Set(come)].filter((one) => !before.groups[0]?.includes(one));

const requestedThreshold = ({ threshold }: KeyCase) =>
  threshold > 0 ? ['--shamir-secret-sharing-threshold', String(threshold)] : [];

/** What the two are to do alike. */
export const keyOperations: Readonly<Record<string, KeyOperation>> = {
  updatekeys: {
    keeps: both,
    ours: ({ sealed, dataKey }, { wanted, ...one }) => {
      const { groups } = creationRule(wanted, one);
      return updateKeys(sealed, dataKey, groups, keptThreshold(sealed.metadata, groups.length));
    },
    theirs: (name) => ['--config', 'rule.yaml', 'updatekeys', '-y', name],
    after: ({ before, wanted }) => ({ ...wanted, threshold: Math.min(stored(before), wanted.groups.length) }),
  },
  'groups add': {
    keeps: both,
    ours: ({ sealed, dataKey }, { come, threshold }) =>
      addGroup(sealed, dataKey, ageNames(recipients(come)), threshold || undefined),
    theirs: (name, one) => [
      ...['groups', 'add', '-i', '-f', name, ...requestedThreshold(one)],
      ...recipients(one.come).flatMap((recipient) => ['--age', recipient]),
    ],
    after: ({ before, come, threshold }) => ({
      groups: [...before.groups, come],
      threshold: threshold || stored(before),
    }),
  },
  'groups delete': {
    keeps: both,
    ours: ({ sealed, dataKey }, one) => deleteGroup(sealed, dataKey, position(one), one.threshold || undefined),
    theirs: (name, one) => [
      ...['groups', 'delete', '-i', '-f', name, ...requestedThreshold(one)],
      String(position(one)),
    ],
    after: (one) => ({
      groups: one.before.groups.filter((_, i) => i !== position(one)),
      threshold: one.threshold || stored(one.before),
    }),
  },
  'rotate --add-age --rm-age': {
    keeps: { ours: false, theirs: false },
    ours: (opened, one) => rotate(opened, later, { addAge: recipients(newcomers(one)), rmAge: recipients(one.go) }),
    theirs: (name, one) => ['rotate', '-i', '--add-age', listed(newcomers(one)), '--rm-age', listed(one.go), name],
    after: (one) => exchanged(one, one.come, one.go),
  },
  // sops has only `rotate` for these two.
  'recipients add': {
    keeps: { ours: true, theirs: false },
    ours: ({ sealed, dataKey }, { come }) => addRecipients(sealed, dataKey, recipients(come)),
    theirs: (name, { come }) => ['rotate', '-i', '--add-age', listed(come), name],
    after: (one) => exchanged(one, one.come, []),
  },
  'recipients remove': {
    keeps: { ours: true, theirs: false },
    ours: ({ sealed, dataKey }, { go }) => removeRecipients(sealed, dataKey, recipients(go)),
    theirs: (name, { go }) => ['rotate', '-i', '--rm-age', listed(go), name],
    after: (one) => exchanged(one, [], one.go),
  },
};

/** A .sops.yaml for these groups. */
export const config = ({ groups, threshold }: Layout, { rule }: Pick<KeyCase, 'rule'>) =>
  configOf(rule, { key_groups: groups.map((who) => ({ age: recipients(who) })), shamir_threshold: threshold });

/** Its rule, as we read it. */
export const creationRule = (wanted: Layout, one: Pick<KeyCase, 'rule'>): CreationRule =>
  matchRule(parseConfig(config(wanted, one)), 'x') ?? assert.fail();
