import type { Scalar, Value } from '../tree/value.ts';
import type { Entry, MapNode, MetadataBlock, Node, Span } from './document.ts';
import { errorAt, maxDepth } from './place.ts';

/** Nested metadata as single names, and back (SOPS stores/flatten.go). */

export const metadataPrefix = 'sops_';
const mapSign = '__map_';
const listSign = '__list_';

/** Names and leaves of the metadata, prefix included. Empty lists and maps vanish. */
export function flatten(metadata: Value, prefix = metadataPrefix): [string, Scalar][] {
  const out: [string, Scalar][] = [];
  if (metadata.kind !== 'map') return out;
  for (const { key, value } of metadata.members) flattenInto(out, prefix + key, value);
  return out;
}

function flattenInto(out: [string, Scalar][], name: string, value: Value): void {
  if (value.kind === 'scalar') out.push([name, value.scalar]);
  else if (value.kind === 'map')
    for (const { key, value: child } of value.members) flattenInto(out, name + mapSign + key, child);
  else for (const [i, item] of value.items.entries()) flattenInto(out, name + listSign + i, item);
}

interface Branch {
  leaf: Entry | undefined;
  readonly keys: Map<string, Branch>;
  readonly items: Map<number, Branch>;
  first: Entry;
}

function branch(first: Entry): Branch {
  return { leaf: undefined, keys: new Map(), items: new Map(), first };
}

/** The metadata that these entries spell out; undefined if there are none. Throws BAD_METADATA. */
export function unflatten(text: string, entries: readonly Entry[], prefix = metadataPrefix): MetadataBlock | undefined {
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) return undefined;
  const root = branch(first);
  for (const entry of entries) {
    const end = place(text, root, entry, prefix);
    if (end.leaf) throw errorAt('BAD_METADATA', text, entry.span.start, 'flattened');
    end.leaf = entry;
  }
  const span = { start: first.span.start, end: last.span.end };
  const node = build(text, root);
  if (node.kind !== 'map') throw errorAt('BAD_METADATA', text, first.span.start, 'flattened');
  return { span, root: { ...node, span } };
}

/** The branch that an entry's name leads to. */
function place(text: string, root: Branch, entry: Entry, prefix: string): Branch {
  const parts = entry.key.slice(prefix.length).split(/(__map_|__list_)/);
  if (parts.length > 2 * maxDepth) throw errorAt('BAD_METADATA', text, entry.span.start, 'flattened');
  let at = child(root.keys, parts[0] ?? '', entry);
  for (let i = 1; i < parts.length; i += 2) {
    const name = parts[i + 1] ?? '';
    // A text that is no number counts as 0, as Go's Atoi with its error dropped.
    at =
      parts[i] === mapSign
        ? child(at.keys, name, entry)
        : child(at.items, /^[+-]?\d+$/.test(name) ? Number(name) : 0, entry);
  }
  return at;
}

function child<K>(children: Map<K, Branch>, key: K, entry: Entry): Branch {
  const known = children.get(key);
  if (known) return known;
  const made = branch(entry);
  children.set(key, made);
  return made;
}

function build(text: string, from: Branch): Node {
  const kinds = [from.leaf !== undefined, from.keys.size > 0, from.items.size > 0].filter(Boolean).length;
  if (kinds !== 1) throw errorAt('BAD_METADATA', text, from.first.span.start, 'flattened');
  if (from.leaf) return from.leaf.value;
  const { span } = from.first;
  return from.items.size > 0 ? list(text, from, span) : map(text, from, span);
}

function map(text: string, from: Branch, span: Span): MapNode {
  const members = [...from.keys].map(([key, below]): Entry => {
    const { keySpan, span } = below.first;
    return { kind: 'entry', key, keySpan, span, value: build(text, below) };
  });
  return { kind: 'map', span, members, flow: false };
}

function list(text: string, from: Branch, span: Span): Node {
  const items: Node[] = [];
  for (let i = 0; i < from.items.size; i++) {
    const item = from.items.get(i);
    if (!item) throw errorAt('BAD_METADATA', text, from.first.span.start, 'flattened');
    items.push(build(text, item));
  }
  return { kind: 'list', span, items, flow: false };
}
