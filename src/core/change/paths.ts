import { LockstepError } from '../errors.ts';
import type { FormatId, MapNode, Node } from '../format/document.ts';
import { jsonValue } from '../format/json/value.ts';
import { fitsInt64, floatText } from '../format/number.ts';
import { childOf, childrenOf, entriesOf, nodeAt } from '../format/place.ts';
import type { Opened } from '../open/open.ts';
import { type Path, samePath } from '../tree/path.ts';
import { type Scalar, scalar, text, type Value } from '../tree/value.ts';
import type { Draft } from './draft.ts';
import { idOfPath, type Located, locate, type NodeId } from './locate.ts';
import { put, removeOne, replace } from './steps.ts';

/** `sops set` and `sops unset` (set.go, unset.go, sops.go `set`): on the first document. */

/**
 * Set what is at a path to a JSON value. What is missing on the way is made: a list for an index, a map for a key; an index
 * behind the end of a list appends; a path that leads through a value replaces that value. Nothing else changes, and nothing
 * at all where that value is there already.
 *
 * Differences from sops: a whole number on its own becomes an int, not a float; a list on its own is taken; a key in a list
 * and an index in a map are refused, where sops fails or writes a key that is no text. An entry that the selector leaves in
 * clear text is left so, as by sops.
 * Throws BAD_PATH, BAD_VALUE, ALREADY_ENCRYPTED (the key of the metadata).
 */
export function setPath(draft: Draft, path: Path, json: string): void {
  draft.release();
  const value = valueFor(draft.doc.format, path, json);
  const { depth, node } = reach(draft, path);
  const rest = path.slice(depth + 1);
  const place = locate(draft.doc, idOfPath(0, path.slice(0, depth)));
  const part = path[depth];
  if (part === undefined) return isSection(draft, place) ? refill(draft, place, value) : replace(draft, place, value);
  if (node.kind !== 'map' && node.kind !== 'list') return replace(draft, place, grown(path.slice(depth), value));
  const isKey = typeof part === 'string';
  if (isKey !== (node.kind === 'map')) throw new LockstepError('BAD_PATH', { path, what: node.kind });
  put(draft, place, node, childrenOf(node).length, [{ key: isKey ? part : undefined, value: grown(rest, value) }]);
}

/** The value that a path gets. Throws BAD_PATH, BAD_VALUE, ALREADY_ENCRYPTED. */
export function valueFor(format: FormatId, path: Path, json: string): Value {
  const value = fitting(format, jsonValue(json));
  const [first] = path;
  if (first === undefined) throw new LockstepError('BAD_PATH', { what: 'empty' });
  const flat = format === 'dotenv' && typeof first === 'string' && first.startsWith('sops_');
  if (first === 'sops' || flat) throw new LockstepError('ALREADY_ENCRYPTED', { path: [first] });
  return value;
}

/**
 * The entry at a path, when the value is to take the place of another one that is encrypted, and when there is no doubt that the plain
 * file can hold it: then one ciphertext changes and nothing around it, so that the file need not be taken apart.
 */
export function swappable(
  { sealed }: Opened,
  path: Path,
  value: Value,
): { readonly kind: 'set'; readonly id: NodeId; readonly value: Scalar } | undefined {
  if (value.kind !== 'scalar') return undefined;
  const { doc, leaves, format } = sealed;
  const node = nodeAt<Node>(doc.documents[0], path);
  if (node?.kind !== 'scalar' || !isEasy(format, value.scalar)) return undefined;
  const [leaf, other] = leaves.filter((one) => one.node === node || (one.document === 0 && samePath(one.path, path)));
  const only = leaf && !other && leaf.encrypted && leaf.node === node;
  return only ? { kind: 'set', id: leaf.id, value: value.scalar } : undefined;
}

/** Texts of characters that no format has a use of its own for, and what is no text where the format has types. */
function isEasy(format: FormatId, value: Scalar): boolean {
  const typed = format === 'yaml' || format === 'json';
  if (value.type === 'int') return typed && fitsInt64(value.value);
  if (value.type !== 'str' || typeof value.value !== 'string') return typed && value.type === 'bool';
  if (!typed) return /^\w(?:[\w ./:@+-]*\w)?$/.test(value.value);
  // What looks like a ciphertext is looked at with all that stands around it.
  return /^[ -~]+$/.test(value.value) && !value.value.includes('ENC[');
}

/** Formats without types hold the text that sops would print. */
function fitting(format: FormatId, value: Value): Value {
  if (format === 'yaml' || format === 'json') return value;
  if (value.kind === 'map')
    return { ...value, members: value.members.map((one) => ({ ...one, value: fitting(format, one.value) })) };
  return value.kind === 'scalar' ? scalar(text(plainText(value.scalar))) : value;
}

function plainText(value: Scalar): string {
  if (value.type === 'null') return '';
  return value.type === 'float' ? floatText(value.value) : String(value.value);
}

const isSection = ({ doc }: Draft, { path }: Located) => doc.format === 'ini' && path.length === 1;

/** A section of an INI file keeps its header; sections do not nest. */
function refill(draft: Draft, place: Located, value: Value): void {
  const [name] = place.path;
  if (value.kind !== 'map' || value.members.some((one) => one.value.kind !== 'scalar'))
    throw new LockstepError('BAD_VALUE', { path: place.path, what: 'ini' });
  const { members } = value;
  const section = () => locate(draft.doc, idOfPath(0, place.path)).node as MapNode;
  for (const { key } of entriesOf(section())) {
    const id = idOfPath(0, [name ?? '', key]);
    const stays = members.find((one) => one.key === key);
    if (stays) replace(draft, locate(draft.doc, id), stays.value);
    else removeOne(draft, locate(draft.doc, id), false);
  }
  const there = new Set(entriesOf(section()).map(({ key }) => key));
  const fresh = members.filter(({ key }) => !there.has(key));
  put(draft, place, section(), there.size, fresh);
}

/** How much of a path is there, and what is at its end. */
function reach({ doc }: Draft, path: Path): { depth: number; node: Node } {
  let node: Node | undefined = doc.documents[0];
  if (!node) throw new LockstepError('EMPTY_FILE');
  for (const [depth, part] of path.entries()) {
    if (node.kind === 'alias') throw new LockstepError('UNSUPPORTED_VALUE', { what: 'alias' });
    const next: Node | undefined = childOf<Node>(node, part);
    if (!next) return { depth, node };
    node = next;
  }
  return { depth: path.length, node };
}

/** A value with the maps and lists of a path around it. */
function grown(path: Path, value: Value): Value {
  return path.reduceRight<Value>(
    (inner, part) =>
      typeof part === 'string'
        ? { kind: 'map', members: [{ key: part, value: inner }] }
        : { kind: 'list', items: [inner] },
    value,
  );
}

/** Remove what is at a path. Throws BAD_PATH, NO_SUCH_ENTRY unless `idempotent`. */
export function unsetPath(draft: Draft, path: Path, idempotent: boolean): void {
  draft.release();
  if (path.length === 0) throw new LockstepError('BAD_PATH', { what: 'empty' });
  if (reach(draft, path).depth === path.length) return removeOne(draft, locate(draft.doc, idOfPath(0, path)), false);
  if (!idempotent) throw new LockstepError('NO_SUCH_ENTRY', { path });
}
