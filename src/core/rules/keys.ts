import type { KeyKind } from '../sops/kinds.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { kmsName } from '../sops/metadata.ts';
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
  const of = (kind: KeyKind, field: string, name: (text: string) => string = (text) => text) =>
    flat(rule, field).map((text) => ({ kind, name: name(text) }));
  const profile = rule.string('aws_profile');
  return [
    ...of('age', 'age'),
    ...of('pgp', 'pgp', fingerprint),
    ...of('kms', 'kms', (arn) => arnName(arn, profile)),
    ...of('gcp_kms', 'gcp_kms'),
    ...list(rule, 'hckms').map((name): KeyName => ({ kind: 'hckms', name })),
    ...of('azure_kv', 'azure_keyvault', azureName),
    ...of('hc_vault', 'hc_vault_transit_uri', vaultName),
  ];
}

/** What a group merges comes first, however deep. */
function groupKeys(group: Fields): KeyName[] {
  const maps = (field: string, kind: KeyKind, name: (key: Fields) => string) =>
    group.maps(field).map((key): KeyName => ({ kind, name: name(key) }));
  return [
    ...group.maps('merge').flatMap(groupKeys),
    ...list(group, 'age').map((text): KeyName => ({ kind: 'age', name: text })),
    ...list(group, 'pgp').map((text): KeyName => ({ kind: 'pgp', name: fingerprint(text) })),
    ...maps('kms', 'kms', (key) =>
      kmsName({
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

/** `arn+role`: a role is an ARN of its own. */
function arnName(text: string, profile: string): string {
  const arn = text.replaceAll(' ', '');
  const at = arn.indexOf('+arn:');
  const [name, role] = at > 0 ? [arn.slice(0, at), arn.slice(at + 1)] : [arn, ''];
  return kmsName({ arn: name, role, context: [], profile });
}

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
