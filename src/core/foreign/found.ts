import type { MapNode, Entry as Member, Node } from '../format/document.ts';
import { entriesOf, itemsOf } from '../format/place.ts';
import type { Value } from '../tree/value.ts';

/** How an entry stands in the file of another system. */
export type Kind =
  | 'plain' // readable
  | 'number' // readable; a text now, since a SOPS file would hold another number, or the same one written otherwise
  | 'kestra' // base64, for Kestra
  | 'fernet'
  | 'flet'
  | 'flowfile'
  | 'dotenvx'
  | 'anvil' // `encrypt_with_key`
  | 'anvil-key' // an encryption key of Anvil's App Server
  | 'anvil-hosted' // encrypted by Anvil's platform, for one app
  | 'ansible';

/** Why an entry comes without a value. */
export type Missing =
  | 'key' // no key is known for it
  | 'wrong-key' // no key that is known opens it
  | 'damaged' // it is no whole text of its kind
  | 'hosted' // only the platform that it belongs to has its key
  | 'reference'; // it names a value that is elsewhere

/** An entry as the reader of a file finds it. */
export interface Entry {
  /** The names that lead to it. A list is one entry, with what is in it. */
  readonly path: readonly string[];
  readonly value: Value;
  readonly kind: Kind;
  readonly why?: Missing | undefined;
  /** The line that it begins in, from 1; undefined in a file without lines. */
  readonly line?: number | undefined;
  /** As it stands in a `.env`, with its quotes. */
  readonly spelled?: string | undefined;
  /** The id of its owner in Flowfile, in decimal. */
  readonly user?: string | undefined;
  /** Apps that a hosted value is for. */
  readonly apps?: readonly string[] | undefined;
}

/** An entry that was read: its value is plaintext, or there is a reason why it has none. */
export type Found = Omit<Entry, 'value'> & { readonly value: Value | undefined };

/** The value of a map's entry; undefined where there is no such entry. */
export function valueAt(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>(
    (at, key) => (at?.kind === 'map' ? at.members.find((one) => one.key === key)?.value : undefined),
    value,
  );
}

/** The text of a value; undefined for one that is no text. */
export function textOf(value: Value | undefined): string | undefined {
  const scalar = value?.kind === 'scalar' ? value.scalar : undefined;
  return scalar?.type === 'str' && typeof scalar.value === 'string' ? scalar.value : undefined;
}

/** The node at names that lead through maps. */
export function mapAt(map: MapNode | undefined, ...path: readonly string[]): MapNode | undefined {
  return path.reduce<MapNode | undefined>((at, key) => {
    const node = at && entriesOf(at).findLast((one) => one.key === key)?.value;
    return node && asMap(node);
  }, map);
}

/** A node that is a map, or stands for one. */
export function asMap(node: Node): MapNode | undefined {
  const target = node.kind === 'alias' ? node.target : node;
  return target.kind === 'map' ? target : undefined;
}

/** The entries of a map with those that `<<` brings into it, of which its own and earlier ones take the place (YAML merge keys). */
export function withMerged(map: MapNode): Member[] {
  const found = new Map<string, Member>();
  const merges: Node[] = [];
  for (const one of entriesOf(map)) {
    if (one.key === '<<') merges.push(one.value);
    else found.set(one.key, one);
  }
  for (const one of merges.flatMap(mapsIn).flatMap(withMerged)) if (!found.has(one.key)) found.set(one.key, one);
  return [...found.values()];
}

function mapsIn(node: Node): MapNode[] {
  if (node.kind === 'alias') return mapsIn(node.target);
  if (node.kind === 'list') return itemsOf(node).flatMap(mapsIn);
  return node.kind === 'map' ? [node] : [];
}
