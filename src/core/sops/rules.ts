import { LockstepError } from '../errors.ts';
import type { ListNode, MapNode, Node, Span } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import { makeSelector } from './metadata.ts';
import { compilePattern, type Pattern } from './regex.ts';
import { defaultSelector, type Selector, selectorNames } from './selection.ts';

/** One creation rule of `.sops.yaml`. */
export interface Rule {
  /** 0-based position among the creation rules. */
  readonly index: number;
  readonly pathRegex: string | undefined;
  /** age recipients as written, trimmed. */
  readonly recipients: readonly string[];
  /** Names of the fields that hold master keys of other kinds. */
  readonly foreign: readonly string[];
  /** The rule has several key groups. */
  readonly keyGroups: boolean;
  readonly selector: Selector;
  readonly macOnlyEncrypted: boolean;
}

export interface Config {
  /** Undefined when the file has no `creation_rules` at all. */
  readonly rules: readonly Rule[] | undefined;
}

const foreignFields = ['pgp', 'kms', 'gcp_kms', 'azure_keyvault', 'hc_vault_transit_uri', 'hckms'] as const;

/**
 * Read the text of a `.sops.yaml` (SOPS config/config.go); unknown fields are ignored. Throws BAD_CONFIG with the line,
 * BAD_REGEX, CONFLICTING_SELECTORS.
 */
export function parseConfig(text: string): Config {
  const root = readRoot(text);
  const rules = root && resolved(root, 'creation_rules');
  if (!rules) return { rules: undefined };
  if (rules.kind !== 'list') throw badAt(text, rules);
  return { rules: itemsOf(rules).map((item, index) => readRule(text, item, index)) };
}

/** The top-level map; undefined when the file holds nothing. SOPS reads the first document only. */
function readRoot(text: string): MapNode | undefined {
  try {
    return getFormat('yaml').parse(text).documents[0];
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    if (error.code === 'EMPTY_FILE') return undefined;
    throw new LockstepError('BAD_CONFIG', { line: error.place.line ?? 1, offset: error.place.offset ?? 0 });
  }
}

/** The value of a key with aliases followed; null counts as absent. */
function resolved(map: MapNode, name: string): Exclude<Node, { kind: 'alias' }> | undefined {
  for (const member of map.members) {
    if (member.kind !== 'entry' || member.key !== name) continue;
    const value = followed(member.value);
    return value.kind === 'scalar' && value.scalar.type === 'null' ? undefined : value;
  }
  return undefined;
}

const followed = (node: Node) => (node.kind === 'alias' ? node.target : node);
const itemsOf = (list: ListNode) => list.items.filter((item) => item.kind !== 'comment').map(followed);

/**
 * The first rule whose `path_regex` is absent or matches. `relativePath` is the file's path from the folder of
 * `.sops.yaml`, with `/` between names.
 */
export function matchRule(config: Config, relativePath: string): Rule | undefined {
  return config.rules?.find((rule) => rule.pathRegex === undefined || patternOf(rule).test(relativePath));
}

const patterns = new WeakMap<Rule, Pattern>();

function patternOf(rule: Rule): Pattern {
  const known = patterns.get(rule) ?? compilePattern(rule.pathRegex ?? '', 'path_regex');
  patterns.set(rule, known);
  return known;
}

function readRule(text: string, node: Node, index: number): Rule {
  if (node.kind !== 'map') throw badAt(text, node);
  // Fields that SOPS would take from another map decide for whom a file is encrypted: better no rule than half of one.
  const merge = node.members.find((member) => member.kind === 'entry' && member.key === '<<');
  if (merge) throw badAt(text, merge);
  const string = (name: string): string | undefined => stringField(text, node, name);
  const rule: Rule = {
    index,
    pathRegex: string('path_regex') || undefined,
    ...keysOf(text, node),
    selector: selectorOf(string),
    macOnlyEncrypted: string('mac_only_encrypted') === 'true',
  };
  if (rule.pathRegex !== undefined) patternOf(rule);
  return rule;
}

function selectorOf(string: (name: string) => string | undefined): Selector {
  const set = selectorNames.flatMap((kind) => {
    const value = string(kind);
    return value ? [makeSelector(kind, value)] : [];
  });
  if (set.length > 1) throw new LockstepError('CONFLICTING_SELECTORS');
  return set[0] ?? defaultSelector;
}

/** `key_groups`, when there are any, make SOPS ignore the flat fields. */
function keysOf(text: string, node: MapNode): Pick<Rule, 'recipients' | 'foreign' | 'keyGroups'> {
  const list = resolved(node, 'key_groups');
  const groups = list?.kind === 'list' ? itemsOf(list) : [];
  const only = groups[0];
  // A group that merges others is one more thing that only the whole key-group support can read.
  if (groups.length > 1 || (only?.kind === 'map' && resolved(only, 'merge'))) {
    return { recipients: [], foreign: [], keyGroups: true };
  }
  const from = only?.kind === 'map' ? only : node;
  return {
    recipients: strings(text, from, 'age'),
    foreign: foreignFields.filter((name) => strings(text, from, name).length > 0),
    keyGroups: false,
  };
}

/** A comma-separated string, or a list of strings that may hold commas. Trimmed, empty ones dropped. */
function strings(text: string, map: MapNode, name: string): string[] {
  const node = resolved(map, name);
  if (!node) return [];
  return (node.kind === 'list' ? itemsOf(node) : [node]).flatMap((item) => {
    // Groups list cloud keys as maps; only whether there are any matters here.
    if (item.kind === 'map') return [name];
    if (item.kind !== 'scalar' || item.scalar.type !== 'str') throw badAt(text, item);
    return String(item.scalar.value)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  });
}

function stringField(text: string, map: MapNode, name: string): string | undefined {
  const node = resolved(map, name);
  if (!node) return undefined;
  if (node.kind !== 'scalar' || node.scalar.type === 'null') throw badAt(text, node);
  return String(node.scalar.value);
}

function badAt(text: string, node: { readonly span: Span }): LockstepError {
  const offset = node.span.start;
  return new LockstepError('BAD_CONFIG', { offset, line: text.slice(0, offset).split('\n').length });
}

const header = `# Which files are encrypted, and for whom. Read by Lockstep and by sops.
# A file is encrypted by the first rule whose path_regex matches its path from here.
`;

/** A rule to be written. */
interface NewRule {
  readonly pathRegex: string;
  readonly recipients: readonly string[];
}

/**
 * The text of a `.sops.yaml` with one more creation rule. In an existing file the rule comes first, because the first match
 * wins, and every other line stays as it is. Throws BAD_CONFIG when the existing text cannot be read.
 */
export function configWithRule(text: string | undefined, rule: NewRule): string {
  const next = withRule(text, rule);
  // A name with a line break in it, or a text of several documents: the rule must read as it was meant.
  const read = parseConfig(next).rules?.[0];
  if (read?.pathRegex !== rule.pathRegex || read.recipients.join() !== rule.recipients.join())
    throw new LockstepError('BAD_CONFIG', { line: 1 });
  return next;
}

function withRule(text: string | undefined, rule: NewRule): string {
  const eol = text?.includes('\r\n') ? '\r\n' : '\n';
  const lines = (one: string) => one.replaceAll('\n', eol);
  if (text === undefined || text.trim() === '') return lines(`${header}creation_rules:\n${ruleText(rule, '  ')}`);
  parseConfig(text);
  const entry = readRoot(text)?.members.find((member) => member.kind === 'entry' && member.key === 'creation_rules');
  if (entry?.kind !== 'entry') {
    const gap = text.endsWith('\n') ? '' : eol;
    return text + gap + lines(`creation_rules:\n${ruleText(rule, '  ')}`);
  }
  const { value } = entry;
  if (value.kind === 'list' && itemsOf(value).length > 0) {
    const at = value.span.start;
    return value.flow
      ? `${text.slice(0, at + 1)}${flowRule(rule)}, ${text.slice(at + 1)}`
      : text.slice(0, at) + blockRule(rule, text, at, eol) + text.slice(at);
  }
  // An alias has its rules elsewhere, where others may use them too.
  if (value.kind === 'alias') throw badAt(text, value);
  // `creation_rules: []`, or nothing: the rules start here.
  const before = text.slice(0, value.span.start).replace(/[ \t]+$/, '');
  return `${before}${eol}${lines(ruleText(rule, '  ')).trimEnd()}${text.slice(value.span.end) || eol}`;
}

/** The rule as the new first item of a block list whose first item stands at `at`. */
function blockRule(rule: NewRule, text: string, at: number, eol: string): string {
  const indent = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return ruleText(rule, indent).trimStart().replaceAll('\n', eol) + indent;
}

const quoted = (one: string) => `'${one.replaceAll("'", "''")}'`;

function flowRule({ pathRegex, recipients }: NewRule): string {
  return `{path_regex: ${quoted(pathRegex)}, age: [${recipients.map(quoted).join(', ')}]}`;
}

function ruleText({ pathRegex, recipients }: NewRule, indent: string): string {
  const keys = recipients.map((recipient) => `${indent}    - ${recipient}\n`).join('');
  return `${indent}- path_regex: ${quoted(pathRegex)}\n${indent}  age:\n${keys}`;
}
