import { bareRecipient } from '../age/sshkey.ts';
import { LockstepError } from '../errors.ts';
import type { MapNode, Node, ScalarNode } from '../format/document.ts';
import { scalar, text, type Value } from '../tree/value.ts';
import { macAad } from './mac.ts';
import { compilePattern } from './regex.ts';
import { defaultSelector, type Selector, selectorNames, selectorText } from './selection.ts';

/** The sops level that our files name: a constant, because readers compare it with their own version. */
export const sopsVersion = '3.13.3';

/** The six kinds of master key that are not age, under their metadata names. */
export const foreignKinds = ['pgp', 'kms', 'gcp_kms', 'azure_kv', 'hc_vault', 'hckms'] as const;
export type ForeignKind = (typeof foreignKinds)[number];

export interface AgeKey {
  /** `age1…`, an SSH public key without its comment, or a plugin's recipient. */
  readonly recipient: string;
  /** Armored age file. */
  readonly enc: string;
}

/** What a SOPS metadata block says. Everything in it is public. */
export interface Metadata {
  readonly recipients: readonly AgeKey[];
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
 * list of one. Throws BAD_METADATA, BAD_VERSION, CONFLICTING_SELECTORS, BAD_REGEX, KEY_GROUPS.
 */
export function readMetadata(root: MapNode): Metadata {
  const group = keyGroup(root);
  const lastModified = required(root, 'lastmodified');
  macAad(lastModified);
  return {
    recipients: maps(field(group, 'age'), 'age').map((key) => ({
      recipient: bareRecipient(required(key, 'recipient')),
      enc: required(key, 'enc'),
    })),
    foreign: foreignKinds.flatMap((kind) =>
      maps(field(group, kind), kind).map((key) => ({ kind, name: foreignName(kind, key) })),
    ),
    lastModified,
    mac: optional(root, 'mac') || undefined,
    version: readVersion(root),
    selector: readSelector(root),
    macOnlyEncrypted: readBoolean(root, 'mac_only_encrypted'),
  };
}

/** The top-level key lists, or the only group of `key_groups`. */
export function keyGroup(root: MapNode): MapNode {
  const flat = (['age', ...foreignKinds] as const).some((kind) => maps(field(root, kind), kind).length > 0);
  if (flat) return root;
  const groups = maps(field(root, 'key_groups'), 'key_groups');
  if (groups.length > 1) throw new LockstepError('KEY_GROUPS');
  if (!groups[0]) throw new LockstepError('BAD_METADATA', { what: 'no-keys' });
  return groups[0];
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

function foreignName(kind: ForeignKind, key: MapNode): string {
  const names = {
    pgp: 'fp',
    kms: 'arn',
    gcp_kms: 'resource_id',
    azure_kv: 'name',
    hc_vault: 'key_name',
    hckms: 'key_id',
  } as const;
  return optional(key, names[kind]) ?? '';
}

/** The value of `name` in `map`; where there is none, that of a name which differs in the case of its letters only. */
export function field(map: MapNode, name: string): Node | undefined {
  let alike: Node | undefined;
  for (const member of map.members) {
    if (member.kind !== 'entry') continue;
    if (member.key === name) return member.value;
    if (member.key.toLowerCase() === name) alike ??= member.value;
  }
  return alike;
}

/** A node seen as a list of maps: absent and null are none, one map is a list of one. */
export function maps(node: Node | undefined, what: string): MapNode[] {
  if (!node || (node.kind === 'scalar' && (node.scalar.type === 'null' || node.scalar.value === ''))) return [];
  if (node.kind === 'map') return [node];
  if (node.kind !== 'list') throw new LockstepError('BAD_METADATA', { what });
  return node.items.flatMap((item) => {
    if (item.kind === 'comment') return [];
    if (item.kind !== 'map') throw new LockstepError('BAD_METADATA', { what });
    return [item];
  });
}

/** The leaf at a node, or undefined. */
export function leaf(node: Node | undefined): ScalarNode | undefined {
  return node?.kind === 'scalar' ? node : undefined;
}

function required(map: MapNode, name: string): string {
  const found = optional(map, name);
  if (found === undefined) throw new LockstepError('BAD_METADATA', { what: name });
  return found;
}

function optional(map: MapNode, name: string): string | undefined {
  const node = field(map, name);
  if (!node) return undefined;
  if (node.kind !== 'scalar') throw new LockstepError('BAD_METADATA', { what: name });
  return node.scalar.type === 'null' ? undefined : asText(node, name);
}

/** A scalar as text, weakly typed; a date that YAML resolved is refused, as Go's decoder refuses it. */
function asText(node: ScalarNode, what: string): string {
  const found = node.scalar;
  if (found.type === 'time' || found.type === 'null') throw new LockstepError('BAD_METADATA', { what });
  if (found.type === 'str' && typeof found.value !== 'string') throw new LockstepError('BAD_METADATA', { what });
  return String(found.value);
}

/** The metadata as it is written: keys sorted bytewise at every level, as sops does since 3.13.0. */
export function metadataValue(metadata: Metadata): Value {
  const members: Record<string, Value> = {
    age: {
      kind: 'list',
      items: metadata.recipients.map((key) => ({
        kind: 'map',
        members: [
          { key: 'enc', value: scalar(text(key.enc)) },
          { key: 'recipient', value: scalar(text(key.recipient)) },
        ],
      })),
    },
    lastmodified: scalar(text(metadata.lastModified)),
    mac: scalar(text(metadata.mac ?? '')),
    version: scalar(text(metadata.version)),
    [metadata.selector.kind]: scalar(text(selectorText(metadata.selector))),
  };
  if (metadata.macOnlyEncrypted) members.mac_only_encrypted = scalar({ type: 'bool', value: true });
  const keys = Object.keys(members).sort();
  return { kind: 'map', members: keys.map((key) => ({ key, value: members[key] as Value })) };
}
