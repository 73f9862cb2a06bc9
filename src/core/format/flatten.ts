import { LockstepError } from '../errors.ts';
import type { Scalar, Value } from '../tree/value.ts';
import type { Entry, Format, MapNode, MetadataBlock, MetadataFields, Node, Span, TextEdit } from './document.ts';
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
    if (end.leaf) throw errorAt('BAD_METADATA', text, entry.span.start, 'twice');
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

/** A line of flattened metadata, its line end included. */
export interface FlatLine extends Span {
  /** Without a prefix. */
  readonly name: string;
}

/**
 * The edits of `Format.writeMetadata` for metadata that is one name a line.
 * @param lines of the metadata in file order. @param print one whole line, its line end included.
 */
export function flattenedEdits(
  text: string,
  lines: readonly FlatLine[],
  fields: MetadataFields,
  print: (name: string, scalar: Scalar) => string,
): TextEdit[] {
  const [first] = lines;
  if (!first) throw new LockstepError('NO_METADATA');
  return [...fields].flatMap(([field, value]) => {
    const old = lines.filter(({ name }) => fieldOf(name) === field);
    const flat: [string, Scalar][] = [];
    if (value) flattenInto(flat, field, value);
    const texts = flat.map(([name, scalar]) => print(name, scalar));
    const before = lines.findLast(({ name }) => fieldOf(name) < field);
    return lineEdits(text, old, texts, before?.end ?? first.start);
  });
}

const fieldOf = (name: string) => name.split(/__map_|__list_/)[0] ?? '';

/** Lines that start and end alike stay; what is between gives way. @param at where lines go if there are none yet. */
function lineEdits(text: string, old: readonly Span[], texts: readonly string[], at: number): TextEdit[] {
  const lines = old.map(({ start, end }) => text.slice(start, end));
  const most = Math.min(lines.length, texts.length);
  let head = 0;
  while (head < most && lines[head] === texts[head]) head++;
  let tail = 0;
  while (tail < most - head && lines.at(-1 - tail) === texts.at(-1 - tail)) tail++;
  const [gone, come] = [old.slice(head, old.length - tail), texts.slice(head, texts.length - tail).join('')];
  const start = gone[0]?.start ?? old[head]?.start ?? old.at(-1)?.end ?? at;
  const lead = come && start > 0 && text[start - 1] !== '\n' ? '\n' : '';
  const edits = gone.map(({ start, end }, i): TextEdit => ({ start, end, text: i === 0 ? come : '' }));
  if (edits.length === 0 && come) edits.push({ start, end: start, text: lead + come });
  return edits;
}

/** What a format without lists and aliases answers to work on them: BAD_VALUE. */
export function withoutLists(what: 'dotenv' | 'ini'): Pick<Format, 'itemToComment' | 'writeAlias' | 'removeItem'> {
  const refuse = (offset: number): never => {
    throw new LockstepError('BAD_VALUE', { offset, what });
  };
  return {
    itemToComment: (_doc, _list, item) => refuse(item.span.start),
    writeAlias: (_doc, alias) => refuse(alias.span.start),
    removeItem: (_doc, _list, item) => refuse(item.span.start),
  };
}
