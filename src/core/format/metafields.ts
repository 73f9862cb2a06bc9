import { LockstepError } from '../errors.ts';
import type { Value } from '../tree/value.ts';
import type { Entry, MapNode, MetadataFields, Node, Span } from './document.ts';
import { fingerprint, nodeValue } from './nodevalue.ts';
import { entriesOf } from './place.ts';

/** What is to become of the fields of a metadata block, whatever its format: see `Format.writeMetadata`. */

/** A member of a collection as it shall be: an old one, or text that is not there yet. */
export type Part<T extends { readonly span: Span }> = { readonly old: T } | { readonly text: string };

/** Whether a node holds this value. */
function holds(node: Node, value: Value): boolean {
  return fingerprint(nodeValue(node)) === fingerprint(value);
}

/**
 * The entries of a block with these fields put: unchanged ones as they are, new ones where one went, or behind those whose
 * names sort before. `print` makes the text of an entry; `keep` may settle a changed value inside the old one instead.
 * Throws BAD_METADATA.
 */
export function fieldParts(
  root: MapNode,
  fields: MetadataFields,
  print: (key: string, value: Value) => string,
  keep: (entry: Entry, value: Value) => boolean,
): Part<Entry>[] {
  const seen = new Set<string>();
  let gap: number | undefined;
  const parts: Part<Entry>[] = [];
  for (const entry of entriesOf(root)) {
    const value = fields.get(entry.key);
    if (fields.has(entry.key) && seen.has(entry.key))
      throw new LockstepError('BAD_METADATA', { offset: entry.span.start, what: 'twice' });
    seen.add(entry.key);
    if (fields.has(entry.key) && !value) gap ??= parts.length;
    else if (!value || holds(entry.value, value) || keep(entry, value)) parts.push({ old: entry });
    else parts.push({ text: print(entry.key, value) });
  }
  for (const [key, value] of fields) {
    if (!value || seen.has(key)) continue;
    const before = parts.findLastIndex((part) => 'old' in part && part.old.key < key);
    parts.splice(gap ?? before + 1, 0, { text: print(key, value) });
    gap = undefined;
  }
  return parts;
}

/** The items of a list with these values: equal ones as they are, in the new order; undefined when none stays. */
export function itemParts(
  items: readonly Node[],
  value: Extract<Value, { kind: 'list' }>,
  print: (item: Value) => string,
): Part<Node>[] | undefined {
  let at = 0;
  let stays = false;
  const parts = value.items.map((item): Part<Node> => {
    const found = items.findIndex((node, i) => i >= at && holds(node, item));
    if (found === -1) return { text: print(item) };
    at = found + 1;
    stays = true;
    return { old: items[found] as Node };
  });
  return stays ? parts : undefined;
}

/**
 * Runs of members to be replaced: between two that stay (or an end), how many old ones go and which texts come. Runs in
 * which nothing changes are left out.
 */
export function changedRuns<T extends { readonly span: Span }>(
  old: readonly T[],
  parts: readonly Part<T>[],
): { readonly from: number; readonly to: number; readonly texts: string[] }[] {
  const runs: { from: number; to: number; texts: string[] }[] = [];
  let from = 0;
  let texts: string[] = [];
  const close = (to: number) => {
    if (to > from || texts.length > 0) runs.push({ from, to, texts });
    texts = [];
  };
  for (const part of parts) {
    if ('text' in part) texts.push(part.text);
    else {
      const at = old.indexOf(part.old);
      close(at);
      from = at + 1;
    }
  }
  close(old.length);
  return runs;
}
