import { align } from '../diff/align.ts';
import type { Path } from '../tree/path.ts';
import type { Entry } from './side.ts';

/** A group of entries, or one. */
interface Node {
  readonly path: Path;
  readonly document: number;
  readonly entry: Entry | undefined;
  /** By key with its occurrence, or by index, in file order. */
  readonly below: Map<string | number, Node>;
}

/** An entry of one version and what it was in the other; one of them may be missing. */
export interface Pair {
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
  /** It, or the group that it is in, stands at another place among its neighbours. */
  readonly moved: boolean;
}

/**
 * The entries of two versions in pairs, in the order of the newer one; what is gone stands behind what stood before it. Maps are paired by
 * their keys. Items of lists are paired where they say the same, so one that came or went in the middle does not make others of those behind it;
 * what is left between them is paired in its order.
 */
export function pairsOf(before: readonly Entry[], after: readonly Entry[]): Pair[] {
  const found: Pair[] = [];
  visit(treeOf(before), treeOf(after), false, found);
  return found;
}

function treeOf(entries: readonly Entry[]): Node {
  const root: Node = { path: [], document: 0, entry: undefined, below: new Map() };
  for (const entry of entries) {
    let node = child(root, entry.document, entry.document, []);
    for (const [i, part] of entry.path.entries()) {
      const isLast = i === entry.path.length - 1;
      const key = isLast && entry.occurrence > 0 ? `${part}\0${entry.occurrence}` : part;
      node = child(node, key, entry.document, entry.path.slice(0, i + 1), isLast ? entry : undefined);
    }
  }
  return root;
}

function child(node: Node, key: string | number, document: number, path: Path, entry?: Entry): Node {
  let found = node.below.get(key);
  if (!found) {
    found = { path, document, entry, below: new Map() };
    node.below.set(key, found);
  }
  return found;
}

function visit(before: Node | undefined, after: Node | undefined, moved: boolean, found: Pair[]): void {
  if (before?.entry || after?.entry) {
    if (before?.entry && after?.entry) return void found.push({ before: before.entry, after: after.entry, moved });
    // One side has a value where the other has a group, or nothing.
    if (before) alone(before, 'before', found);
    if (after) alone(after, 'after', found);
    return;
  }
  const keys = [...new Set([...(before?.below.keys() ?? []), ...(after?.below.keys() ?? [])])];
  if (keys.length > 0 && keys.every((key) => typeof key === 'number') && (before ?? after)?.path.length)
    return items(before, after, moved, found);
  for (const [key, isMoved] of inOrder(before, after))
    visit(before?.below.get(key), after?.below.get(key), moved || isMoved, found);
}

function alone(node: Node, side: 'before' | 'after', found: Pair[]): void {
  if (node.entry) found.push({ before: undefined, after: undefined, moved: false, [side]: node.entry });
  for (const one of node.below.values()) alone(one, side, found);
}

/** The keys of both, in the order of the newer one, each with whether it stands elsewhere among those that both have. */
function inOrder(before: Node | undefined, after: Node | undefined): [string | number, boolean][] {
  const [old, now] = [[...(before?.below.keys() ?? [])], [...(after?.below.keys() ?? [])]];
  const [inOld, inNow] = [new Set(old), new Set(now)];
  const common = now.filter((key) => inOld.has(key));
  const stayed = align(old.filter((key) => inNow.has(key)).map(String), common.map(String));
  const moved = new Set(common.filter((_, i) => stayed[i] === -1));
  const behind = new Map<string | number | undefined, (string | number)[]>();
  let last: string | number | undefined;
  for (const key of old) {
    if (inNow.has(key)) last = key;
    else append(behind, last, key);
  }
  const gone = (key: string | number | undefined) =>
    (behind.get(key) ?? []).map((one) => [one, false] as [string | number, boolean]);
  return [
    ...gone(undefined),
    ...now.flatMap((key): [string | number, boolean][] => [[key, moved.has(key)], ...gone(key)]),
  ];
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key);
  if (known) known.push(value);
  else lists.set(key, [value]);
}

function items(before: Node | undefined, after: Node | undefined, moved: boolean, found: Pair[]): void {
  const [old, now] = [before, after].map((node) => [...(node?.below.values() ?? [])]) as [Node[], Node[]];
  const pairs = align(old.map(signatureOf), now.map(signatureOf));
  let at = 0;
  for (let j = 0; j <= now.length; j++) {
    const pair = j === now.length ? old.length : (pairs[j] as number);
    if (pair === -1) continue;
    let from = j;
    while (from > 0 && pairs[from - 1] === -1) from--;
    const [left, right] = [old.slice(at, pair), now.slice(from, j)];
    for (let k = 0; k < Math.max(left.length, right.length); k++) visit(left[k], right[k], moved, found);
    if (j < now.length) visit(old[pair], now[j], moved, found);
    at = pair + 1;
  }
}

/** What an item says, below it, without its own position. */
function signatureOf(node: Node): string {
  const said: string[] = [];
  const collect = (one: Node) => {
    if (one.entry)
      said.push(JSON.stringify([one.path.slice(node.path.length), one.entry.mark ?? one.entry.cipher, one.entry.kind]));
    for (const inner of one.below.values()) collect(inner);
  };
  collect(node);
  return said.join('\n');
}
