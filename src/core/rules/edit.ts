import { isPrivateKey } from '../age/recipient.ts';
import { yamlStructure } from '../change/yaml.ts';
import { LockstepError } from '../errors.ts';
import { applyEdits, type ListNode, type ScalarNode, type SourceDocument, type TextEdit } from '../format/document.ts';
import { itemsOf } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import { writeValue } from '../format/yaml/write.ts';
import { selectorText } from '../sops/selection.ts';
import { scalar, text as str, type Value } from '../tree/value.ts';
import { Fields } from './fields.ts';
import { withoutPart, withPart } from './parts.ts';
import { type Config, parseConfig, type Rule } from './rules.ts';

/**
 * Edits of a `.sops.yaml`: comments, anchors, order and every other line stay. Each result is read back, and is given out
 * only when its rules are the old ones but for what was asked.
 */

/** A rule to be written. */
interface NewRule {
  readonly pathRegex: string;
  readonly recipients: readonly string[];
}

/** Some recipients of a rule: its flat fields, or one of its key groups. */
export interface RecipientsPlace {
  /** 0-based, as the following. */
  readonly rule: number;
  readonly group?: number;
}

interface Edited {
  readonly text: string;
  /** Every rule that has other recipients now: also those that share the list by an anchor. */
  readonly rules: readonly number[];
}

const header = `# Which files are encrypted, and for whom. Read by Lockstep and by sops.
# A file is encrypted by the first rule whose path_regex matches its path from here.
`;

const yaml = getFormat('yaml');

/**
 * A `.sops.yaml` with one more creation rule; without a text a new one.
 * @param at before which rule it comes; the first match wins, so it comes first by default.
 * Throws BAD_CONFIG when the existing text cannot be read, or cannot hold the rule.
 */
export function addRule(text: string | undefined, rule: NewRule, at = 0): string {
  // A name with a line break in it is nobody's idea of a path.
  if (/\p{Cc}/u.test(rule.pathRegex)) throw new LockstepError('BAD_CONFIG', { line: 1 });
  const old = text === undefined ? [] : (parseConfig(text).rules ?? []);
  const next = asConfigError(() => withRule(text, rule, at));
  const found = [...(parseConfig(next).rules ?? [])];
  const [added] = found.splice(Math.min(at, old.length), 1);
  const meant = added?.pathRegex === rule.pathRegex && added.recipients.join() === rule.recipients.join();
  if (!meant || found.map(factsOf).join() !== old.map(factsOf).join())
    throw new LockstepError('BAD_CONFIG', { line: 1 });
  return next;
}

function withRule(text: string | undefined, { pathRegex, recipients }: NewRule, at: number): string {
  const value: Value = mapOf({ path_regex: scalar(str(pathRegex)), age: listOf(recipients) });
  const eol = text?.includes('\r\n') ? '\r\n' : '\n';
  const doc = text === undefined || text.trim() === '' ? undefined : parsed(text);
  if (!doc) {
    // Nothing is there but comments, if that.
    const before = !text || text.trim() === '' ? header : text.endsWith('\n') ? text : text + eol;
    const start = `${before}creation_rules: []\n`.replaceAll(/\r?\n/g, eol);
    return withRule(start, { pathRegex, recipients }, at);
  }
  const entry = rootOf(doc).written.find(({ key }) => key === 'creation_rules');
  const rules: Value = { kind: 'list', items: [value] };
  if (!entry) {
    // Only the first document counts, which a person may not know.
    if (doc.documents.length > 1) throw new LockstepError('BAD_CONFIG', { line: 1 });
    return applyEdits(doc.text, yaml.addEntry(doc, rootOf(doc).node, 'creation_rules', rules));
  }
  const { value: node } = entry;
  // An alias has its rules elsewhere, where others may use them too.
  if (node.kind === 'alias') throw rootOf(doc).bad(node);
  const edits =
    node.kind === 'list' && itemsOf(node).length > 0
      ? yamlStructure.insert(doc, node, at, { key: undefined, value })
      : writeValue(doc, node, rules);
  return applyEdits(doc.text, edits);
}

/**
 * Adds an age recipient. In a list it becomes the last item; in a text with commas, folded over lines or not, the last part.
 * `comment` follows it if the recipient is alone on its line. The text is the old one when the recipient is there already.
 * Throws BAD_CONFIG, BAD_RECIPIENT, NO_SUCH_ENTRY for a rule or group that is not there.
 */
export function addRecipient(text: string, place: RecipientsPlace, recipient: string, comment?: string): Edited {
  requireSimple(recipient, comment);
  const config = parseConfig(text);
  if (has(config, place, recipient)) return { text, rules: [] };
  const edited = asConfigError(() => {
    const { doc, fields, flat } = groupAt(text, place);
    return applyEdits(text, additionTo(doc, fields, flat, recipient, comment));
  });
  return proved(config, edited, place, recipient, true);
}

function additionTo(
  doc: SourceDocument,
  fields: Fields,
  flat: boolean,
  recipient: string,
  comment?: string,
): TextEdit[] {
  const node = fields.get('age');
  const value = scalar(str(recipient));
  if (!node) {
    const fresh = flat ? value : listOf([recipient]);
    const empty = fields.written.find(({ key }) => key === 'age');
    return empty ? writeValue(doc, empty.value, fresh) : yaml.addEntry(doc, fields.node, 'age', fresh);
  }
  if (node.kind === 'map') throw fields.bad(node);
  if (node.kind === 'scalar') return withPart(doc, node, recipient);
  const items = itemsOf(node).length;
  if (items === 0) return writeValue(doc, node, listOf([recipient]));
  const block = comment === undefined ? {} : { block: { lines: `- ${recipient} #${comment}${doc.eol}`, column: 0 } };
  return yamlStructure.insert(doc, node, items, { key: undefined, value, ...(node.flow ? {} : block) });
}

/**
 * Takes an age recipient out of a rule or group, wherever it is there: an item with its comment, a part between commas, an
 * alias. Throws BAD_CONFIG, NO_RECIPIENTS where nobody would be left in a rule or group, and NO_SUCH_ENTRY for a recipient, a rule or a group that is not there.
 */
export function removeRecipient(text: string, place: RecipientsPlace, recipient: string): Edited {
  requireSimple(recipient);
  const config = parseConfig(text);
  if (!has(config, place, recipient)) throw new LockstepError('NO_SUCH_ENTRY');
  if (groupsOf(config, place.rule)[place.group ?? 0]?.length === 1) throw new LockstepError('NO_RECIPIENTS');
  const edited = asConfigError(() => {
    let next = text;
    // Each step takes one of them away.
    for (;;) {
      const { doc, fields } = groupAt(next, place);
      const edits = removalFrom(doc, fields, recipient);
      if (!edits) return next;
      next = applyEdits(next, edits);
    }
  });
  return proved(config, edited, place, recipient, false);
}

/** Undefined when the recipient is not there, nor in what the group merges. */
function removalFrom(doc: SourceDocument, fields: Fields, recipient: string): TextEdit[] | undefined {
  const node = fields.get('age');
  const own =
    node?.kind === 'list'
      ? fromList(doc, fields, node, recipient)
      : node?.kind === 'scalar' && fromText(doc, fields, node, recipient);
  if (own) return own;
  for (const merged of fields.maps('merge')) {
    const edits = removalFrom(doc, merged, recipient);
    if (edits) return edits;
  }
  return undefined;
}

function fromList(doc: SourceDocument, fields: Fields, list: ListNode, recipient: string): TextEdit[] | undefined {
  for (const item of itemsOf(list)) {
    const node = item.kind === 'alias' ? item.target : item;
    if (node.kind !== 'scalar') continue;
    if (fields.textOf(node).trim() === recipient) return yaml.removeItem(doc, list, item);
    const edits = withoutPart(doc, node, recipient);
    if (edits) return edits;
  }
  return undefined;
}

/** The field goes with its last recipient. */
function fromText(doc: SourceDocument, fields: Fields, node: ScalarNode, recipient: string): TextEdit[] | undefined {
  const entry = fields.written.find(({ value }) => value === node);
  if (entry && fields.textOf(node).trim() === recipient) return yaml.removeEntry(doc, fields.node, entry);
  return withoutPart(doc, node, recipient);
}

/** The result, if its rules are the old ones but for this recipient. */
function proved(old: Config, text: string, place: RecipientsPlace, recipient: string, there: boolean): Edited {
  const config = asConfigError(() => parseConfig(text));
  const [before, after] = [old.rules ?? [], config.rules ?? []];
  const others = (rule: Rule): Rule => ({
    ...rule,
    groups: rule.groups.map((group) => group.filter(({ name }) => name !== recipient)),
  });
  const same = sameConfig({ ...old, rules: before.map(others) }, { ...config, rules: after.map(others) });
  if (!same || has(config, place, recipient) !== there) throw new LockstepError('BAD_CONFIG', { line: 1 });
  const rules = after.flatMap((rule, i) => (factsOf(rule) === factsOf(before[i] as Rule) ? [] : [i]));
  if (
    rules.some((i) => groupsOf(config, i).some((group, j) => group.length === 0 && groupsOf(old, i)[j]?.length !== 0))
  )
    throw new LockstepError('NO_RECIPIENTS');
  return { text, rules };
}

const groupsOf = (config: Config, rule: number) => config.rules?.[rule]?.groups ?? [];

const has = (config: Config, { rule, group = 0 }: RecipientsPlace, recipient: string): boolean =>
  groupsOf(config, rule)[group]?.some(({ kind, name }) => kind === 'age' && name === recipient) ?? false;

/** Whether two configs say the same, whatever stands around it. */
export function sameConfig(a: Config, b: Config): boolean {
  const facts = ({ rules, destinations, indents }: Config) =>
    JSON.stringify([rules?.map(factsOf), destinations, indents]);
  return facts(a) === facts(b);
}

/** What a rule says, but for its position. */
const factsOf = ({ pathRegex, groups, shamirThreshold, selector, macOnlyEncrypted }: Rule): string =>
  JSON.stringify([pathRegex, groups, shamirThreshold, selector.kind, selectorText(selector), macOnlyEncrypted]);

function groupAt(text: string, { rule, group = 0 }: RecipientsPlace) {
  const doc = parsed(text);
  const found = doc && rootOf(doc).maps('creation_rules')[rule];
  const groups = found?.maps('key_groups') ?? [];
  const flat = groups.length === 0;
  const fields = flat && group === 0 ? found : groups[group];
  if (!doc || !fields) throw new LockstepError('NO_SUCH_ENTRY');
  return { doc, fields, flat };
}

/** Undefined for a text that holds nothing, or comments only. */
function parsed(text: string): SourceDocument | undefined {
  try {
    return yaml.parse(text);
  } catch (error) {
    if (error instanceof LockstepError && error.code === 'EMPTY_FILE') return undefined;
    throw error;
  }
}

function rootOf(doc: SourceDocument): Fields {
  const [map] = doc.documents;
  if (!map) throw new LockstepError('BAD_CONFIG', { line: 1 });
  return new Fields(doc.text, map);
}

/** Recipients of age and SSH have no character that means something to YAML, nor a comma. */
function requireSimple(recipient: string, comment = ''): void {
  if (
    isPrivateKey(recipient) ||
    !/^[\w+/=@.-]+(?: [\w+/=@.-]+)*$/.test(recipient) ||
    /[^\P{Cc}\t]|[\u2028\u2029]/u.test(comment)
  )
    throw new LockstepError('BAD_RECIPIENT');
}

/** What the YAML writer cannot do is a config that cannot be changed so. */
function asConfigError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof LockstepError) || ['BAD_CONFIG', 'NO_SUCH_ENTRY'].includes(error.code)) throw error;
    throw new LockstepError('BAD_CONFIG', { line: error.place.line ?? 1 });
  }
}

const listOf = (recipients: readonly string[]): Value => ({
  kind: 'list',
  items: recipients.map((recipient) => scalar(str(recipient))),
});

const mapOf = (fields: Readonly<Record<string, Value>>): Value => ({
  kind: 'map',
  members: Object.entries(fields).map(([key, value]) => ({ key, value })),
});
