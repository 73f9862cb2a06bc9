import type { Fields, Target } from './configfields.ts';
import { selectorNames } from './selection.ts';

/** A field of `.sops.yaml` that SOPS passes over (config/config.go decodes into structs). */
export interface ConfigNote {
  readonly name: string;
  readonly line: number;
  /** The creation rule that it stands in, counted from 0; undefined outside of rules. */
  readonly rule: number | undefined;
  /** A field that may have been meant. */
  readonly meant: string | undefined;
}

const topNames = ['creation_rules', 'destination_rules', 'stores'];
const ruleNames = [
  ...['path_regex', 'age', 'pgp', 'kms', 'aws_profile', 'gcp_kms', 'hckms', 'azure_keyvault', 'hc_vault_transit_uri'],
  ...['key_groups', 'shamir_threshold', ...selectorNames, 'mac_only_encrypted'],
];
const groupNames = ['merge', 'age', 'pgp', 'kms', 'gcp_kms', 'hckms', 'azure_keyvault', 'hc_vault'];
/** What each store can be told; two of them nothing. */
const storeNames: Readonly<Record<string, readonly string[]>> = {
  yaml: ['indent'],
  json: ['indent'],
  json_binary: ['indent'],
  dotenv: [],
  ini: [],
};

/**
 * The fields that SOPS does not know, in order. At the top level people keep their lists of keys, for anchors: there only what
 * looks like a known field is told.
 */
export function notesOf(root: Fields): ConfigNote[] {
  const top = unknown(root, topNames, undefined).filter(({ meant }) => meant !== undefined);
  const rules = root
    .maps('creation_rules')
    .flatMap((rule, index) => [
      ...unknown(rule, ruleNames, index),
      ...rule.maps('key_groups').flatMap((group) => unknown(group, groupNames, index)),
    ]);
  return [...top, ...rules, ...storeNotes(root)];
}

function storeNotes(root: Fields): ConfigNote[] {
  const stores = root.map('stores');
  if (!stores) return [];
  const each = Object.entries(storeNames).flatMap(([store, names]) => {
    const node: Target | undefined = stores.get(store);
    return node?.kind === 'map'
      ? unknown(stores.fields(node), names, undefined).map((note) => ({
          ...note,
          name: `stores.${store}.${note.name}`,
        }))
      : [];
  });
  const others = unknown(stores, Object.keys(storeNames), undefined);
  return [...others.map((note) => ({ ...note, name: `stores.${note.name}` })), ...each];
}

function unknown(fields: Fields, names: readonly string[], rule: number | undefined): ConfigNote[] {
  return [...fields.written()]
    .filter(({ name }) => !names.includes(name))
    .map(({ name, line }) => ({ name, line, rule, meant: meantBy(name, names) }));
}

/** What a name is that differs in case, in hyphens, or in one or two letters. */
function meantBy(name: string, names: readonly string[]): string | undefined {
  const plain = bare(name);
  if (plain.length > 40) return undefined;
  const near = names
    .map((one) => ({ one, distance: distance(plain, bare(one)) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near && near.distance <= Math.min(2, Math.floor(plain.length / 3)) ? near.one : undefined;
}

const bare = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** How many letters have to be put in, taken out or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
