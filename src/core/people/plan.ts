import { bareRecipient, sameRecipient } from '../age/sshkey.ts';
import { nameFrom } from '../batch/places.ts';
import { LockstepError } from '../errors.ts';
import type { FileContent } from '../platform/disk.ts';
import type { RecipientsPlace } from '../rules/edit.ts';
import { parseConfig, type Rule } from '../rules/rules.ts';
import type { KeyName } from '../sops/masterkey.ts';
import type { EncryptedFacts, FileFacts } from '../survey/facts.ts';
import { withoutPerson, withPerson } from './roster.ts';

/** What granting or revoking access would change, made out without a key: what a person is asked about. */

/** A file of the repository, as it was surveyed. */
export interface TeamFile {
  /** Absolute. */
  readonly path: string;
  readonly facts: FileFacts;
  /** The `.sops.yaml` that counts for it. */
  readonly config: string | undefined;
}

/**
 * Each file once, under its real path: a link to one is no second file, and what is written in its place would be. A link that leads out of
 * the repository stays, and holds a change up.
 * @param real follows links. @param root the real path of the repository.
 */
export async function withoutLinks(
  files: readonly TeamFile[],
  root: string,
  real: (path: string) => Promise<string>,
): Promise<TeamFile[]> {
  const found = new Map<string, TeamFile>();
  for (const file of files) {
    const path = await real(file.path);
    if (nameFrom(root, path) === undefined) found.set(file.path, file);
    else if (path === file.path || !found.has(path)) found.set(path, { ...file, path });
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A `.sops.yaml` as it was read. */
export interface TeamConfig {
  /** Absolute. */
  readonly path: string;
  readonly content: FileContent;
  readonly text: string;
}

/** A file that holds everything up, and the words for why. */
export interface Obstacle {
  readonly path: string;
  readonly error: LockstepError;
}

type Groups = readonly (readonly KeyName[])[];

/** An encrypted file, and the groups of keys that it has and gets. */
export interface NewReaders {
  readonly path: string;
  readonly before: Groups;
  readonly after: Groups;
}

/** A `.sops.yaml`, as it is and as it will be. */
export interface NewConfig {
  readonly path: string;
  readonly before: FileContent;
  readonly after: string;
}

export interface Grant {
  readonly config: NewConfig;
  /** Every rule that names the recipient now, of those that were chosen or share their list with one: counted from 0. */
  readonly rules: readonly number[];
  readonly files: readonly NewReaders[];
  /** Files of these rules that the recipient could read before. */
  readonly already: readonly string[];
  /** Files of these rules that are not encrypted yet. */
  readonly plain: readonly string[];
  /** Files that differ from their rule in more than this recipient. They keep their other readers. */
  readonly differing: readonly string[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * What it takes to let a key read every file of some rules. Throws as `withPerson`, and KEY_GROUPS (`missing`) for a rule of several
 * groups without a word about which.
 * @param files of the whole repository.
 */
export function planGrant(
  config: TeamConfig,
  files: readonly TeamFile[],
  { recipient, name, places }: { recipient: string; name: string; places: readonly RecipientsPlace[] },
): Grant {
  const before = parseConfig(config.text).rules ?? [];
  for (const { rule, group } of places)
    if (group === undefined && (before[rule]?.groups.length ?? 0) > 1)
      throw new LockstepError('KEY_GROUPS', { what: 'missing', rule });
  const { text, rules } = withPerson(config.text, places, recipient, name);
  const after = parseConfig(text).rules ?? [];
  const chosen = new Set([...places.map(({ rule }) => rule), ...rules]);
  const grant = {
    files: [] as NewReaders[],
    already: [] as string[],
    plain: [] as string[],
    differing: [] as string[],
  };
  const obstacles: Obstacle[] = [];
  for (const { path, facts } of files.filter((file) => file.config === config.path)) {
    const rule = ruleOf(facts);
    if (rule === undefined ? !isUnclear(facts) : !chosen.has(rule)) continue;
    if (facts.kind === 'plain') grant.plain.push(path);
    if (facts.kind !== 'encrypted') {
      if (isUnclear(facts)) obstacles.push({ path, error: unclear(facts) });
      continue;
    }
    const wanted = withReader(facts, after[rule ?? -1]?.groups ?? [], recipient);
    if (wanted instanceof LockstepError) obstacles.push({ path, error: wanted });
    else if (wanted) grant.files.push({ path, before: facts.groups, after: wanted });
    else grant.already.push(path);
    if (facts.drift.kind === 'differs' && !isOnly(facts.drift.plan.diff, recipient)) grant.differing.push(path);
  }
  return {
    ...grant,
    config: { path: config.path, before: config.content, after: text },
    rules: [...chosen].sort((a, b) => a - b),
    obstacles,
  };
}

/** The file's own groups and one reader more, wherever its rule has that one; undefined where it reads the file already. */
function withReader({ groups }: EncryptedFacts, wanted: Rule['groups'], recipient: string) {
  const lacking = wanted.flatMap((keys, i) =>
    hasKey(keys, recipient) && !hasKey(groups[i] ?? [], recipient) ? [i] : [],
  );
  if (lacking.length === 0) return undefined;
  if (groups.length !== wanted.length) return new LockstepError('KEY_GROUPS', { what: 'differ' });
  return groups.map((keys, i) => (lacking.includes(i) ? [...keys, { kind: 'age', name: recipient } as const] : keys));
}

export interface Revocation {
  /** Those that change. */
  readonly configs: readonly NewConfig[];
  /** Every encrypted file that the recipient can read, or a part of it, whatever its rule says. */
  readonly files: readonly NewReaders[];
  /** Those of them that no rule names the recipient for. */
  readonly outside: readonly string[];
  /** Others who get the new data key of a file though its rule does not name them: nothing seals the list in a file. */
  readonly strangers: readonly { readonly path: string; readonly keys: readonly KeyName[] }[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * What it takes to keep a key from every later version of every file. A file that cannot be looked at holds it up: nobody knows whether the
 * recipient reads it. Throws as `withoutPerson`, with the rule. @param files of the whole repository.
 */
export function planRevocation(
  configs: readonly TeamConfig[],
  files: readonly TeamFile[],
  recipient: string,
): Revocation {
  const edited = configs.flatMap(({ path, content, text }): NewConfig[] => {
    const after = withoutPerson(text, recipient).text;
    return after === text ? [] : [{ path, before: content, after }];
  });
  const found = { files: [] as NewReaders[], outside: [] as string[], obstacles: [] as Obstacle[] };
  const strangers: { path: string; keys: readonly KeyName[] }[] = [];
  for (const { path, facts } of files) {
    if (isUnclear(facts)) found.obstacles.push({ path, error: unclear(facts) });
    if (facts.kind !== 'encrypted' || !hasKey(facts.groups.flat(), recipient)) continue;
    const after = facts.groups.map((keys) => keys.filter(({ name }) => !sameRecipient(name, recipient)));
    if (after.some((keys, i) => keys.length === 0 && facts.groups[i]?.length !== 0))
      found.obstacles.push({ path, error: new LockstepError('NO_RECIPIENTS', { what: 'last' }) });
    else found.files.push({ path, before: facts.groups, after });
    if (!isRuled(facts, recipient)) found.outside.push(path);
    const keys = strangersIn(facts).filter(({ name }) => !sameRecipient(name, recipient));
    if (keys.length > 0) strangers.push({ path, keys });
  }
  return { ...found, strangers, configs: edited };
}

const strangersIn = ({ drift }: EncryptedFacts): KeyName[] =>
  drift.kind === 'differs' ? drift.plan.diff.flatMap(({ removed }) => removed) : [];

const isRuled = ({ drift }: EncryptedFacts, recipient: string) =>
  'rule' in drift && hasKey(drift.rule.groups.flat(), recipient);

/** Whether a change of keys is about one recipient alone. */
const isOnly = (
  diff: readonly { readonly added: readonly KeyName[]; readonly removed: readonly KeyName[] }[],
  recipient: string,
) => diff.every(({ added, removed }) => [...added, ...removed].every(({ name }) => sameRecipient(name, recipient)));

/** The rule that covers a file, counted from 0; undefined where none does, or nobody knows. */
export function ruleOf(facts: FileFacts): number | undefined {
  if (facts.kind === 'plain') return facts.rule?.index;
  return facts.kind === 'encrypted' && 'rule' in facts.drift ? facts.drift.rule.index : undefined;
}

type Unclear = Extract<FileFacts, { kind: 'conflict' | 'broken' | 'unread' }>;

/** Whether a file may be encrypted, and nobody knows for whom. */
const isUnclear = (facts: FileFacts): facts is Unclear =>
  facts.kind === 'conflict' || facts.kind === 'unread' || (facts.kind === 'broken' && !facts.plain);

function unclear(facts: Unclear): LockstepError {
  if (facts.kind === 'conflict') return new LockstepError('SYNTAX', { what: 'conflict' });
  return new LockstepError(facts.code as 'IO');
}

const hasKey = (keys: readonly KeyName[], recipient: string): boolean =>
  keys.some(({ kind, name }) => kind === 'age' && sameRecipient(name, bareRecipient(recipient)));
