import { isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument, type YAMLMap } from 'yaml';
import { LockstepError } from '../errors.ts';
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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', logLevel: 'silent' });
  const broken = document.errors[0];
  if (broken) throw new LockstepError('BAD_CONFIG', { line: lines.linePos(broken.pos[0]).line, offset: broken.pos[0] });
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return { rules: undefined };
  if (!isMap(root)) throw new LockstepError('BAD_CONFIG', { line: 1 });
  const rules = root.get('creation_rules', true) as ParsedNode | undefined;
  if (rules === undefined || (isScalar(rules) && rules.value === null)) return { rules: undefined };
  if (!isSeq(rules)) throw badAt(rules, lines);
  return { rules: rules.items.map((item, index) => readRule(item as ParsedNode, index, lines)) };
}

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

function readRule(node: ParsedNode, index: number, lines: LineCounter): Rule {
  if (!isMap(node)) throw badAt(node, lines);
  const string = (name: string): string | undefined => stringField(node, name, lines);
  const rule: Rule = {
    index,
    pathRegex: string('path_regex') || undefined,
    ...keysOf(node, lines),
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
function keysOf(node: YAMLMap, lines: LineCounter): Pick<Rule, 'recipients' | 'foreign' | 'keyGroups'> {
  const groups = node.get('key_groups', true);
  const only = isSeq(groups) && groups.items.length > 0 ? groups.items[0] : undefined;
  if (isSeq(groups) && groups.items.length > 1) return { recipients: [], foreign: [], keyGroups: true };
  // A group that merges others is one more thing that only the whole key-group support can read.
  if (isMap(only) && only.has('merge')) return { recipients: [], foreign: [], keyGroups: true };
  const from = isMap(only) ? only : node;
  return {
    recipients: strings(from, 'age', lines),
    foreign: foreignFields.filter((name) => strings(from, name, lines).length > 0),
    keyGroups: false,
  };
}

/** A comma-separated string, or a list of strings that may hold commas. Trimmed, empty ones dropped. */
function strings(map: YAMLMap, name: string, lines: LineCounter): string[] {
  const node = map.get(name, true) as ParsedNode | undefined;
  if (node === undefined || (isScalar(node) && node.value === null)) return [];
  const items = isSeq(node) ? node.items : [node];
  return items.flatMap((item) => {
    // Groups list cloud keys as maps; only whether there are any matters here.
    if (isMap(item)) return [name];
    if (!isScalar(item) || typeof item.value !== 'string') throw badAt(item as ParsedNode, lines);
    return item.value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  });
}

function stringField(map: YAMLMap, name: string, lines: LineCounter): string | undefined {
  const node = map.get(name, true) as ParsedNode | undefined;
  if (node === undefined || (isScalar(node) && node.value === null)) return undefined;
  if (!isScalar(node)) throw badAt(node, lines);
  return String(node.value);
}

function badAt(node: ParsedNode, lines: LineCounter): LockstepError {
  const offset = node?.range?.[0] ?? 0;
  return new LockstepError('BAD_CONFIG', { offset, line: lines.linePos(offset).line });
}

const header = `# Which files are encrypted, and for whom. Read by Lockstep and by sops.
# A file is encrypted by the first rule whose path_regex matches its path from here.
`;

/**
 * The text of a `.sops.yaml` with one more creation rule. In an existing file the rule comes first, because the first match
 * wins, and every other line stays as it is. Throws BAD_CONFIG when the existing text cannot be read.
 */
export function configWithRule(
  text: string | undefined,
  rule: { readonly pathRegex: string; readonly recipients: readonly string[] },
): string {
  const eol = text?.includes('\r\n') ? '\r\n' : '\n';
  if (text === undefined || text.trim() === '') return (header + rulesText(rule)).replaceAll('\n', eol);
  parseConfig(text);
  const document = parseDocument(text, { keepSourceTokens: true });
  const rules = isMap(document.contents) ? document.contents.get('creation_rules', true) : undefined;
  if (isSeq(rules) && !rules.flow && rules.range && rules.items.length > 0) {
    const at = rules.range[0];
    const indent = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
    return text.slice(0, at) + (ruleText(rule, indent).trimStart().replaceAll('\n', eol) + indent) + text.slice(at);
  }
  if (rules === undefined) {
    const gap = text.endsWith('\n') ? '' : eol;
    return text + gap + rulesText(rule).replaceAll('\n', eol);
  }
  // `creation_rules: []` or null: nothing to keep, so the key is written anew.
  document.set('creation_rules', [{ path_regex: rule.pathRegex, age: [...rule.recipients] }]);
  return document.toString({ lineWidth: 0 });
}

function rulesText(rule: { readonly pathRegex: string; readonly recipients: readonly string[] }): string {
  return `creation_rules:\n${ruleText(rule, '  ')}`;
}

function ruleText(
  rule: { readonly pathRegex: string; readonly recipients: readonly string[] },
  indent: string,
): string {
  const quoted = `'${rule.pathRegex.replaceAll("'", "''")}'`;
  const recipients = rule.recipients.map((recipient) => `${indent}    - ${recipient}\n`).join('');
  return `${indent}- path_regex: ${quoted}\n${indent}  age:\n${recipients}`;
}
