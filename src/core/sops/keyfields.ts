import { LockstepError } from '../errors.ts';
import { nodeValue } from '../format/nodevalue.ts';
import { scalar, text, type Value } from '../tree/value.ts';
import { type HandledKind, isForeign, type KeyKind } from './kinds.ts';
import type { MasterKey } from './masterkey.ts';

/** Master keys as metadata (SOPS stores/stores.go). */

/**
 * The fields that say who can read a file: flat lists for one group, `key_groups` for several. A key that stands in a file
 * is written as it stands there, unknown fields included; of new ones only age keys can be: throws FOREIGN_MASTER_KEY.
 */
export function keyFields(
  groups: readonly (readonly MasterKey[])[],
  threshold: number,
): Readonly<Record<string, Value>> {
  const fields: Record<string, Value> =
    groups.length === 1 ? lists(groups[0] ?? [], []) : { key_groups: { kind: 'list', items: groups.map(groupValue) } };
  if (threshold !== 0) fields.shamir_threshold = scalar({ type: 'int', value: BigInt(threshold) });
  return fields;
}

/** SOPS always writes these two lists of a group. */
function groupValue(keys: readonly MasterKey[]): Value {
  return sortedMap(lists(keys, ['age', 'hc_vault']));
}

function lists(keys: readonly MasterKey[], always: readonly KeyKind[]): Record<string, Value> {
  const kinds = [...new Set([...always, ...keys.map((key) => key.kind)])];
  return Object.fromEntries(
    kinds.map((kind) => [kind, { kind: 'list', items: keys.filter((key) => key.kind === kind).map(keyValue) }]),
  );
}

/** The field that holds the name of a new key, by its kind. */
const nameFields: Readonly<Record<HandledKind, string>> = { age: 'recipient' };

function keyValue({ kind, name, enc, entry }: MasterKey): Value {
  if (entry) return nodeValue(entry);
  if (isForeign(kind)) throw new LockstepError('FOREIGN_MASTER_KEY', { kind });
  return sortedMap({ enc: scalar(text(enc)), [nameFields[kind]]: scalar(text(name)) });
}

/** A map with its keys sorted bytewise. */
export function sortedMap(members: Readonly<Record<string, Value>>): Value {
  const keys = Object.keys(members).sort();
  return { kind: 'map', members: keys.map((key) => ({ key, value: members[key] as Value })) };
}
