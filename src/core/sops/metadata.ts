import { bareRecipient } from '../age/sshkey.ts';
import { LockstepError } from '../errors.ts';
import type { MapNode, Node, ScalarNode } from '../format/document.ts';
import { compilePattern } from '../pattern/regex.ts';
import { scalar, text, type Value } from '../tree/value.ts';
import { keyFields, sortedMap } from './keyfields.ts';
import { kmsName } from './keyparts.ts';
import { type ForeignKind, foreignKinds, isAge, type KeyKind, storedOrder } from './kinds.ts';
import { macAad } from './mac.ts';
import type { KmsKey, MasterKey } from './masterkey.ts';
import { defaultSelector, type Selector, selectorNames, selectorText } from './selection.ts';

/** The sops level that our files name: a constant, because readers compare it with their own version. */
export const sopsVersion = '3.13.3';

/** What a SOPS metadata block says. Everything in it is public. */
export interface Metadata {
  /** The key groups; one when the file has no `key_groups`. Each in stored order. */
  readonly groups: readonly (readonly MasterKey[])[];
  /** `shamir_threshold`: how many groups are needed; 0 when absent. Of no use, but kept, when there is one group. */
  readonly shamirThreshold: number;
  /** The names of the age keys of all groups. */
  readonly recipients: readonly string[];
  /** The keys of other kinds, of all groups. */
  readonly foreign: readonly { readonly kind: ForeignKind; readonly name: string }[];
  readonly lastModified: string;
  /** The encrypted MAC; undefined when missing or empty. */
  readonly mac: string | undefined;
  readonly version: string;
  readonly selector: Selector;
  readonly macOnlyEncrypted: boolean;
}

/**
 * Read a metadata tree (SOPS stores/metadata.go): key names in any case, unknown keys ignored, a single map taken for a
 * list of one; a name twice is refused. Throws BAD_METADATA, BAD_VERSION, CONFLICTING_SELECTORS, BAD_REGEX.
 */
export function readMetadata(root: MapNode): Metadata {
  requireUnique(root);
  const lastModified = required(root, 'lastmodified');
  macAad(lastModified);
  return {
    ...keysOf(keyGroups(root).map(readGroup), readThreshold(root)),
    lastModified,
    mac: optional(root, 'mac') || undefined,
    version: readVersion(root),
    selector: readSelector(root),
    macOnlyEncrypted: readBoolean(root, 'mac_only_encrypted'),
  };
}

/** The keys of some groups, and what is often asked about them. */
export function keysOf(
  groups: Metadata['groups'],
  shamirThreshold: number,
): Pick<Metadata, 'groups' | 'shamirThreshold' | 'recipients' | 'foreign'> {
  const keys = groups.flat();
  const foreign = keys
    .flatMap(({ kind, name }) => (isAge(kind) ? [] : [{ kind, name }]))
    .sort((a, b) => foreignKinds.indexOf(a.kind) - foreignKinds.indexOf(b.kind));
  const recipients = keys.filter(({ kind }) => isAge(kind)).map(({ name }) => name);
  return { groups, shamirThreshold, recipients, foreign };
}

/**
 * The maps that hold the seven key lists: the metadata itself when any list there holds a key, which makes SOPS ignore
 * `key_groups`, else the groups. Throws BAD_METADATA when there are none.
 */
export function keyGroups(root: MapNode): readonly MapNode[] {
  if (storedOrder.some((kind) => maps(field(root, kind), kind).length > 0)) return [root];
  const groups = maps(field(root, 'key_groups'), 'key_groups');
  if (groups.length === 0) throw new LockstepError('BAD_METADATA', { what: 'no-keys' });
  return groups;
}

function readGroup(group: MapNode): MasterKey[] {
  return storedOrder.flatMap((kind) =>
    maps(field(group, kind), kind).map((key) => ({
      kind,
      name: nameOf(kind, key),
      ...(kind === 'kms' && { kms: kmsOf(key) }),
      enc: (kind === 'age' ? required(key, 'enc') : optional(key, 'enc')) ?? '',
      entry: key,
    })),
  );
}

function readThreshold(root: MapNode): number {
  const text = optional(root, 'shamir_threshold') || '0';
  if (!/^\d{1,9}$/.test(text)) throw new LockstepError('BAD_METADATA', { field: 'shamir_threshold' });
  return Number(text);
}

const semver = /^v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

function readVersion(root: MapNode): string {
  const version = optional(root, 'version') ?? '';
  if (!semver.test(version) && !version.startsWith('1.')) throw new LockstepError('BAD_VERSION');
  return version;
}

function readSelector(root: MapNode): Selector {
  const set = selectorNames.flatMap((kind) => {
    const value = optional(root, kind);
    return value ? [makeSelector(kind, value)] : [];
  });
  if (set.length > 1) throw new LockstepError('CONFLICTING_SELECTORS');
  return set[0] ?? defaultSelector;
}

const plainFields: readonly string[] = [
  ...selectorNames,
  'shamir_threshold',
  'lastmodified',
  'mac',
  'mac_only_encrypted',
  'version',
];

/** Whether SOPS knows a field of this name in its metadata, and it holds no keys. @param name folded */
export const isPlainField = (name: string) => plainFields.includes(name);

/** A selector from its name and text. Throws BAD_REGEX. */
export function makeSelector(kind: Selector['kind'], value: string): Selector {
  return kind === 'encrypted_suffix' || kind === 'unencrypted_suffix'
    ? { kind, suffix: value }
    : { kind, pattern: compilePattern(value, kind) };
}

function readBoolean(root: MapNode, name: string): boolean {
  const node = leaf(field(root, name));
  if (!node || node.scalar.type === 'null') return false;
  if (node.scalar.type === 'bool') return node.scalar.value;
  return /^(1|t|true)$/i.test(asText(node, name));
}

/** The name of a key of a file. */
function nameOf(kind: KeyKind, key: MapNode): string {
  const part = (name: string) => optional(key, name) ?? '';
  switch (kind) {
    case 'age':
      return bareRecipient(required(key, 'recipient'));
    case 'pgp':
      return part('fp').replaceAll(' ', '');
    case 'kms':
      return kmsName(kmsOf(key));
    case 'gcp_kms':
      return part('resource_id');
    case 'azure_kv':
      return `${part('vault_url')}/keys/${part('name')}/${part('version')}`;
    case 'hc_vault':
      return `${part('vault_address')}/v1/${part('engine_path')}/keys/${part('key_name')}`;
    case 'hckms':
      return part('key_id');
  }
}

function kmsOf(key: MapNode): KmsKey {
  const part = (name: string) => optional(key, name) ?? '';
  return { arn: part('arn'), role: part('role'), context: contextOf(key), profile: part('aws_profile') };
}

function contextOf(key: MapNode): [string, string][] {
  const context = field(key, 'context');
  if (context?.kind !== 'map') return [];
  return context.members.flatMap((one) => (one.kind === 'entry' ? [[one.key, optional(context, one.key) ?? '']] : []));
}

/** The value of `name` in `map`; where there is none, that of a name which differs in the case of its letters only. */
export function field(map: MapNode, name: string): Node | undefined {
  let alike: Node | undefined;
  for (const member of map.members) {
    if (member.kind !== 'entry') continue;
    if (member.key === name) return member.value;
    if (foldedName(member.key) === name) alike ??= member.value;
  }
  return alike;
}

/** A name as Go compares it (`strings.EqualFold`): there `ſ` is an `s`, and the Kelvin sign a `k`. */
export function foldedName(name: string): string {
  return name.toLowerCase().replaceAll('\u017f', 's');
}

/**
 * Refuses a field that stands twice at any level of a metadata tree, also in other letters where none is exact: of two readers one takes the
 * first and the other the last, so that one of them shows who can read a file and the other obeys. Throws BAD_METADATA
 * (`twice`).
 */
export function requireUnique(node: Node): void {
  if (node.kind === 'alias') return requireUnique(node.target);
  if (node.kind === 'list') for (const item of node.items) item.kind !== 'comment' && requireUnique(item);
  if (node.kind !== 'map') return;
  const names = new Set(node.members.map((member) => (member.kind === 'entry' ? member.key : '')));
  const seen = new Set<string>();
  for (const member of node.members) {
    if (member.kind === 'comment') continue;
    // Beside the exact name, one in other letters counts for nothing.
    const folded = foldedName(member.key);
    const name = names.has(folded) ? member.key : folded;
    if (seen.has(name)) throw new LockstepError('BAD_METADATA', { offset: member.keySpan.start, what: 'twice' });
    seen.add(name);
    requireUnique(member.value);
  }
}

/** A node seen as a list of maps: absent and null are none, one map is a list of one. */
export function maps(node: Node | undefined, what: string): MapNode[] {
  if (!node || (node.kind === 'scalar' && (node.scalar.type === 'null' || node.scalar.value === ''))) return [];
  if (node.kind === 'map') return [node];
  if (node.kind !== 'list') throw new LockstepError('BAD_METADATA', { field: what });
  return node.items.flatMap((item) => {
    if (item.kind === 'comment') return [];
    if (item.kind !== 'map') throw new LockstepError('BAD_METADATA', { field: what });
    return [item];
  });
}

/** The leaf at a node, or undefined. */
export function leaf(node: Node | undefined): ScalarNode | undefined {
  return node?.kind === 'scalar' ? node : undefined;
}

function required(map: MapNode, name: string): string {
  const found = optional(map, name);
  if (found === undefined) throw new LockstepError('BAD_METADATA', { field: name });
  return found;
}

function optional(map: MapNode, name: string): string | undefined {
  const node = field(map, name);
  if (!node) return undefined;
  if (node.kind !== 'scalar') throw new LockstepError('BAD_METADATA', { field: name });
  return node.scalar.type === 'null' ? undefined : asText(node, name);
}

/** A scalar as text, weakly typed; a date that YAML resolved is refused, as Go's decoder refuses it. */
function asText(node: ScalarNode, what: string): string {
  const found = node.scalar;
  if (found.type === 'time' || found.type === 'null') throw new LockstepError('BAD_METADATA', { field: what });
  if (found.type === 'str' && typeof found.value !== 'string') throw new LockstepError('BAD_METADATA', { field: what });
  return String(found.value);
}

/** The metadata of a new file as it is written: keys sorted bytewise at every level, as sops does since 3.13.0. */
export function metadataValue(metadata: Omit<Metadata, 'recipients' | 'foreign'>): Value {
  const members: Record<string, Value> = {
    ...keyFields(metadata.groups, metadata.shamirThreshold, metadata.lastModified),
    lastmodified: scalar(text(metadata.lastModified)),
    mac: scalar(text(metadata.mac ?? '')),
    version: scalar(text(metadata.version)),
    [metadata.selector.kind]: scalar(text(selectorText(metadata.selector))),
  };
  if (metadata.macOnlyEncrypted) members.mac_only_encrypted = scalar({ type: 'bool', value: true });
  return sortedMap(members);
}
