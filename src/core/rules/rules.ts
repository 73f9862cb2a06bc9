import { isPrivateKey } from '../age/recipient.ts';
import { LockstepError } from '../errors.ts';
import type { MapNode, Span } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import { Effort } from '../pattern/effort.ts';
import { compilePattern, type Pattern } from '../pattern/regex.ts';
import { compileCost } from '../pattern/size.ts';
import type { Indents } from '../seal/seal.ts';
import { type ForeignKind, isAge } from '../sops/kinds.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { makeSelector } from '../sops/metadata.ts';
import { defaultSelector, type Selector, selectorNames } from '../sops/selection.ts';
import { Fields } from './fields.ts';
import { ruleGroups } from './keys.ts';
import { type ConfigNote, notesOf } from './notes.ts';

export type { Indents };

/** One creation rule of `.sops.yaml`. */
export interface Rule {
  /** 0-based position among the creation rules. */
  readonly index: number;
  /** 1-based line of its pattern, or of its beginning. */
  readonly line: number;
  readonly pathRegex: string | undefined;
  /** `pathRegex`, compiled. */
  readonly pattern: Pattern | undefined;
  /** The key groups, in order; the flat fields are one. A group may be empty: then nobody could read a file. */
  readonly groups: readonly (readonly KeyName[])[];
  /** How many groups are needed, 0 for all. */
  readonly shamirThreshold: number;
  /** The age recipients of all groups, as written. */
  readonly recipients: readonly string[];
  /** The other kinds of its master keys, each once. */
  readonly foreign: readonly ForeignKind[];
  readonly selector: Selector;
  readonly macOnlyEncrypted: boolean;
  /** Of the whole file, for what is encrypted by this rule. */
  readonly indents?: Indents;
}

/** Where `sops publish` takes files. It is read and kept; nothing here publishes. */
interface Destination {
  readonly pathRegex: string | undefined;
  readonly kind: 's3' | 'gcs' | 'vault' | undefined;
}

export interface Config {
  /** Undefined when the file has no `creation_rules` at all. */
  readonly rules: readonly Rule[] | undefined;
  readonly destinations?: readonly Destination[];
  readonly indents?: Indents;
  /** Fields that SOPS passes over. */
  readonly notes?: readonly ConfigNote[];
}

/**
 * Read the text of a `.sops.yaml` (SOPS config/config.go), its first document only; unknown fields are ignored, merge keys
 * resolved. Stricter than sops in one thing: every rule is checked, not only the one that matches. Throws, with the line and
 * the rule: BAD_CONFIG, with `what` `patterns` where they are a burden together; BAD_REGEX; CONFLICTING_SELECTORS;
 * BAD_RECIPIENT for a private key.
 */
export function parseConfig(text: string): Config {
  const map = readRoot(text);
  if (!map) return { rules: undefined };
  const root = new Fields(text, map);
  const indents = readIndents(root);
  return {
    rules: root.get('creation_rules') && readRules(root.maps('creation_rules'), indents),
    destinations: root.maps('destination_rules').map(readDestination),
    indents,
    notes: notesOf(root),
  };
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

/**
 * The path of a file as rules see it: from the folder of `.sops.yaml`; the absolute path for a file outside (SOPS
 * config/config.go, `parseCreationRuleForFile`). Both absolute, in the machine's spelling.
 */
export function rulePath(folder: string, file: string): string {
  const separator = /^[A-Za-z]:[\\/]|^\\\\/.test(folder) ? '\\' : '/';
  const spelled = (path: string) => (separator === '/' ? path : path.replaceAll('/', '\\'));
  const start = `${spelled(folder).replace(/[\\/]+$/, '')}${separator}`;
  return spelled(file).startsWith(start) ? spelled(file).slice(start.length) : spelled(file);
}

/**
 * The first rule whose `path_regex` is absent or matches. @param path of the file, as `rulePath` gives it. One with
 * backslashes is looked at with slashes as well, so that one rule serves a team on several systems; sops on Windows would
 * want `\\\\` or `.` in the pattern. Throws TOO_LARGE where the patterns take too long.
 */
export function matchRule(config: Config, path: string): Rule | undefined {
  const effort = new Effort();
  return config.rules?.find((rule) => rule.pattern === undefined || matchOf(rule, path, effort));
}

/**
 * Where a rule's pattern matches a path, as offsets into it; undefined when it does not, or has none. Throws TOO_LARGE.
 * @param effort of all rules together.
 */
export function matchOf(rule: Rule, path: string, effort: Effort): Span | undefined {
  const { pattern } = rule;
  if (!pattern) return undefined;
  return (
    effort.find(pattern, path) ?? (path.includes('\\') ? effort.find(pattern, path.replaceAll('\\', '/')) : undefined)
  );
}

/** Of all patterns together: two seconds of work, and more than 2,000 rules that people write. */
const maxCost = 200_000;
const patternNames = ['path_regex', ...selectorNames.filter((name) => name.endsWith('_regex'))];

/** A file of patterns that are a burden to compile must not keep an editor busy for minutes: such a one is BAD_CONFIG. */
function readRules(all: readonly Fields[], indents: Indents): Rule[] {
  let cost = 0;
  const seen = new Set<string>();
  return all.map((fields, index) =>
    inRule(fields, index, () => {
      for (const source of patternNames.map((name) => fields.string(name))) {
        if (!seen.has(source)) cost += compileCost(source);
        seen.add(source);
      }
      if (cost > maxCost) throw new LockstepError('BAD_CONFIG', { what: 'patterns' });
      return { ...readRule(fields, index), indents };
    }),
  );
}

/** An error about a rule says which, and the line. */
function inRule<T>(fields: Fields, index: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    const { place } = error;
    const at = place.line === undefined ? fields.placeOf('setting' in place ? place.setting : '') : {};
    throw new LockstepError(error.code, { ...at, ...place, rule: index });
  }
}

function readRule(fields: Fields, index: number): Rule {
  const groups = ruleGroups(fields);
  const shamirThreshold = fields.int('shamir_threshold') ?? 0;
  const keys = groups.flat();
  if (keys.some(({ name }) => isPrivateKey(name))) throw new LockstepError('BAD_RECIPIENT', { what: 'private-key' });
  const pathRegex = fields.string('path_regex') || undefined;
  return {
    index,
    line: fields.placeOf('path_regex').line,
    pathRegex,
    groups,
    shamirThreshold,
    recipients: keys.filter(({ kind }) => isAge(kind)).map(({ name }) => name),
    foreign: [...new Set(keys.flatMap(({ kind }) => (isAge(kind) ? [] : [kind])))],
    selector: selectorOf(fields),
    macOnlyEncrypted: fields.boolean('mac_only_encrypted'),
    pattern: pathRegex === undefined ? undefined : compilePattern(pathRegex, 'path_regex'),
  };
}

function selectorOf(fields: Fields): Selector {
  const set = selectorNames.flatMap((kind) => {
    const value = fields.string(kind);
    return value ? [makeSelector(kind, value)] : [];
  });
  if (set.length > 1) throw new LockstepError('CONFLICTING_SELECTORS');
  return set[0] ?? defaultSelector;
}

function readDestination(fields: Fields): Destination {
  const names = [
    ['s3_bucket', 's3'],
    ['gcs_bucket', 'gcs'],
    ['vault_path', 'vault'],
  ] as const;
  const kind = names.find(([name]) => fields.string(name) !== '')?.[1];
  return { pathRegex: fields.string('path_regex') || undefined, kind };
}

function readIndents(root: Fields): Indents {
  const stores = root.map('stores');
  const indent = (store: string, least: number) => {
    const fields = stores?.map(store);
    const found = fields?.int('indent');
    if (fields && found !== undefined && (found < least || found > maxIndent))
      throw new LockstepError('BAD_CONFIG', fields.placeOf('indent'));
    return found;
  };
  return { yaml: indent('yaml', 0), json: indent('json', -1), jsonBinary: indent('json_binary', -1) };
}

const maxIndent = 1_000;
