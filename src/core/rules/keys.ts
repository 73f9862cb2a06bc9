import { kmsKey, readArn } from '../sops/keyparts.ts';
import type { KeyKind } from '../sops/kinds.ts';
import type { KeyName, KmsKey } from '../sops/masterkey.ts';
import type { Fields, Target } from './fields.ts';

/**
 * The key groups of a creation rule (SOPS config/config.go, `getKeyGroupsFromCreationRule`): `key_groups` if there are any,
 * else the flat fields as one group, which may be empty. Throws BAD_CONFIG.
 */
export function ruleGroups(rule: Fields): KeyName[][] {
  const groups = rule.maps('key_groups');
  return groups.length > 0 ? groups.map((group) => unique(groupKeys(group))) : [flatKeys(rule)];
}

function flatKeys(rule: Fields): KeyName[] {
  const aws = { profile: rule.string('aws_profile'), context: [] };
  const of = (kind: KeyKind, field: string) => flat(rule, field).map((text) => keyOf(kind, text, aws));
  return [
    ...of('age', 'age'),
    ...of('pgp', 'pgp'),
    ...of('kms', 'kms'),
    ...of('gcp_kms', 'gcp_kms'),
    ...list(rule, 'hckms').map((text) => keyOf('hckms', text, aws)),
    ...of('azure_kv', 'azure_keyvault'),
    ...of('hc_vault', 'hc_vault_transit_uri'),
  ];
}

/**
 * A master key as the flat fields of a rule and the flags of sops name it. Its name is checked when something is wrapped for it.
 * @param aws the profile and the encryption context that all AWS KMS keys have there.
 */
export function keyOf(kind: KeyKind, text: string, aws: Pick<KmsKey, 'profile' | 'context'>): KeyName {
  switch (kind) {
    case 'kms':
      return kmsKey(readArn(text, aws.profile, aws.context));
    case 'pgp':
      return { kind, name: fingerprint(text) };
    case 'azure_kv':
      return { kind, name: azureName(text) };
    case 'hc_vault':
      return { kind, name: vaultName(text) };
    default:
      return { kind, name: text };
  }
}

/** What a group merges comes first, however deep. */
function groupKeys(group: Fields): KeyName[] {
  const maps = (field: string, kind: KeyKind, name: (key: Fields) => string) =>
    group.maps(field).map((key): KeyName => ({ kind, name: name(key) }));
  return [
    ...group.maps('merge').flatMap(groupKeys),
    ...list(group, 'age').map((text): KeyName => ({ kind: 'age', name: text })),
    ...list(group, 'pgp').map((text): KeyName => ({ kind: 'pgp', name: fingerprint(text) })),
    ...group.maps('kms').map((key) =>
      kmsKey({
        arn: key.string('arn'),
        role: key.string('role'),
        context: contextOf(key),
        profile: key.string('aws_profile'),
      }),
    ),
    ...maps('gcp_kms', 'gcp_kms', (key) => key.string('resource_id')),
    ...maps('hckms', 'hckms', (key) => key.string('key_id')),
    ...maps('azure_keyvault', 'azure_kv', (key) =>
      azureName(`${vaultName(key.string('vaultUrl'))}/keys/${key.string('key')}/${key.string('version')}`),
    ),
    ...list(group, 'hc_vault').map((text): KeyName => ({ kind: 'hc_vault', name: vaultName(text) })),
  ];
}

function contextOf(key: Fields): [string, string][] {
  const context = key.map('context');
  return context ? context.names.map((name) => [name, context.string(name)]) : [];
}

/** A comma-separated string, or a list of strings that may hold commas. */
function flat(rule: Fields, name: string): string[] {
  const node = rule.get(name);
  if (!node) return [];
  return node.kind === 'list' ? list(rule, name) : split(rule.textOf(node, true));
}

function list(from: Fields, name: string): string[] {
  return from.items(name).flatMap((item: Target) => split(from.textOf(item)));
}

function split(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

const fingerprint = (text: string) => text.replaceAll(' ', '');

/** `vault/keys/name/version`, the version empty where none is given. */
function azureName(url: string): string {
  const found = /^(.+\/keys\/[^/]+)(?:\/([^/]*))?$/.exec(url);
  return found ? `${found[1]}/${found[2] ?? ''}` : url;
}

/** Without slashes at the end; looked for once in each run of them, of which a hostile file may have a long one. */
const vaultName = (uri: string) => uri.replace(/(?<!\/)\/+$/, '');

function unique(keys: readonly KeyName[]): KeyName[] {
  return keys.filter((key, i) => keys.findIndex((other) => other.kind === key.kind && other.name === key.name) === i);
}
