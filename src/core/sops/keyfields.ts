import { nodeValue } from '../format/nodevalue.ts';
import { scalar, text, type Value } from '../tree/value.ts';
import { keyParts } from './keyparts.ts';
import { isAge, type KeyKind } from './kinds.ts';
import type { MasterKey } from './masterkey.ts';

/** Master keys as metadata (SOPS stores/stores.go). */

/**
 * The fields that say who can read a file: flat lists for one group, `key_groups` for several. A key that stands in a file
 * is written as it stands there, unknown fields included. Throws BAD_RECIPIENT for a name that is none of its kind.
 * @param now when the others were made, as `timestamp` writes it.
 */
export function keyFields(
  groups: readonly (readonly MasterKey[])[],
  threshold: number,
  now: string,
): Readonly<Record<string, Value>> {
  const fields: Record<string, Value> =
    groups.length === 1
      ? lists(groups[0] ?? [], [], now)
      : { key_groups: { kind: 'list', items: groups.map((keys) => groupValue(keys, now)) } };
  if (threshold !== 0) fields.shamir_threshold = scalar({ type: 'int', value: BigInt(threshold) });
  return fields;
}

/** SOPS always writes these two lists of a group. */
function groupValue(keys: readonly MasterKey[], now: string): Value {
  return sortedMap(lists(keys, ['age', 'hc_vault'], now));
}

function lists(keys: readonly MasterKey[], always: readonly KeyKind[], now: string): Record<string, Value> {
  const kinds = [...new Set([...always, ...keys.map((key) => key.kind)])];
  return Object.fromEntries(
    kinds.map((kind) => [
      kind,
      { kind: 'list', items: keys.filter((key) => key.kind === kind).map((key) => keyValue(key, now)) },
    ]),
  );
}

/** SOPS writes when a key was made for a file, of every kind but age. */
function keyValue(key: MasterKey, now: string): Value {
  if (key.entry) return nodeValue(key.entry);
  const parts = Object.entries(keyParts(key)).map(([name, part]): [string, Value] => [
    name,
    typeof part === 'string' ? textValue(part) : sortedMap(Object.fromEntries(part.map(([k, v]) => [k, textValue(v)]))),
  ]);
  const made: [string, Value][] = isAge(key.kind) ? [] : [['created_at', textValue(now)]];
  return sortedMap(Object.fromEntries([...parts, ...made, ['enc', textValue(key.enc)]]));
}

const textValue = (value: string): Value => scalar(text(value));

/** A map with its keys sorted bytewise. */
export function sortedMap(members: Readonly<Record<string, Value>>): Value {
  const keys = Object.keys(members).sort();
  return { kind: 'map', members: keys.map((key) => ({ key, value: members[key] as Value })) };
}
