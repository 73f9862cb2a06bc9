import { selectorNames } from '../sops/selection.ts';
import type { Fields } from './fields.ts';

/** A field of `.sops.yaml` that SOPS passes over (config/config.go decodes into structs). */
export interface ConfigNote {
  readonly name: string;
  readonly line: number;
  /** The 0-based creation rule that holds it; undefined outside of rules. */
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
/** The fields of each store; two have none. */
const storeNames: Readonly<Record<string, readonly string[]>> = {
  yaml: ['indent'],
  json: ['indent'],
  json_binary: ['indent'],
  dotenv: [],
  ini: [],
};

/** The most that are listed: a guess at what was meant takes a while for each. */
const most = 50;

/**
 * The fields that SOPS does not know, the first ones of many. At the top level people keep their lists of keys, for anchors: there
 * only what looks like a known field is listed.
 */
export function notesOf(root: Fields): ConfigNote[] {
  const notes: ConfigNote[] = [];
  for (const note of allNotes(root)) if (notes.push(note) === most) break;
  return notes;
}

function* allNotes(root: Fields): Generator<ConfigNote> {
  for (const note of unknown(root, topNames).slice(0, most)) if (note.meant !== undefined) yield note;
  for (const [rule, fields] of root.maps('creation_rules').entries()) {
    yield* unknown(fields, ruleNames, rule);
    for (const group of fields.maps('key_groups')) yield* unknown(group, groupNames, rule);
  }
  const stores = root.map('stores');
  if (!stores) return;
  for (const note of unknown(stores, Object.keys(storeNames))) yield { ...note, name: `stores.${note.name}` };
  for (const [store, names] of Object.entries(storeNames)) {
    const node = stores.get(store);
    if (node?.kind !== 'map') continue;
    for (const note of unknown(stores.fields(node), names)) yield { ...note, name: `stores.${store}.${note.name}` };
  }
}

function unknown(fields: Fields, names: readonly string[], rule?: number): ConfigNote[] {
  return fields.written
    .filter(({ key }) => !names.includes(key))
    .slice(0, most)
    .map((entry) => ({ name: entry.key, line: fields.lineOf(entry), rule, meant: meantBy(entry.key, names) }));
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
