import { LockstepError } from '../errors.ts';
import type { Entry, ListNode, MapNode, Node, SourceDocument } from '../format/document.ts';
import { childrenOf, entriesOf, itemsOf } from '../format/place.ts';
import { linePattern } from '../format/yaml/line.ts';
import type { Path } from '../tree/path.ts';

/**
 * Names an entry, an item or a group of one text: `JSON.stringify([document, ...path])`, and `#n` where a key stands
 * more than once (as `Leaf.id`). It holds no value.
 */
export type NodeId = string;

/** A place in a document's tree. */
export interface Located {
  readonly document: number;
  readonly path: Path;
  readonly node: Node;
  /** Undefined for a document's top level. */
  readonly parent: MapNode | ListNode | undefined;
  /** Set for a member of a map. */
  readonly entry: Entry | undefined;
  /** Among the parent's entries or items. */
  readonly index: number;
}

/** The parts of an id. Throws NO_SUCH_ENTRY. */
export function pathOfId(id: NodeId): { document: number; path: Path; nth: number } {
  const found = /^(\[.*\])(?:#(\d+))?$/s.exec(id);
  try {
    const [document, ...path] = JSON.parse(found?.[1] ?? '') as [number, ...(string | number)[]];
    return { document, path, nth: Number(found?.[2] ?? 0) };
  } catch {
    throw new LockstepError('NO_SUCH_ENTRY');
  }
}

/** The id of a place. */
export function idOfPath(document: number, path: Path): NodeId {
  return JSON.stringify([document, ...path]);
}

/**
 * Where an id leads. Throws NO_SUCH_ENTRY, and UNSUPPORTED_VALUE: `alias` below an alias, whose text belongs to its
 * anchor's place as well, `duplicate` where a group's key stands twice.
 */
export function locate(doc: SourceDocument, id: NodeId): Located {
  const { document, path, nth } = pathOfId(id);
  const root = doc.documents[document];
  if (!root) throw new LockstepError('NO_SUCH_ENTRY', { path });
  const top: Located = { document, path: [], node: root, parent: undefined, entry: undefined, index: 0 };
  const found = path.reduce<Located[]>((at, part) => at.flatMap((one) => below(one, part)), [top]);
  const leaves = found.filter(({ node }) => node.kind === 'scalar');
  const one = leaves.length === found.length ? found[nth] : found[0];
  if (!one) throw new LockstepError('NO_SUCH_ENTRY', { path });
  if (found.length > 1 && leaves.length < found.length)
    throw new LockstepError('UNSUPPORTED_VALUE', { path, what: 'duplicate' });
  return one;
}

function below({ document, path, node }: Located, part: string | number): Located[] {
  if (node.kind === 'alias') throw new LockstepError('UNSUPPORTED_VALUE', { path, what: 'alias' });
  if (node.kind === 'map') {
    return entriesOf(node).flatMap((entry, index) =>
      entry.key === part ? { document, path: [...path, part], node: entry.value, parent: node, entry, index } : [],
    );
  }
  if (node.kind !== 'list' || typeof part !== 'number') return [];
  const item = itemsOf(node)[part];
  return item ? [{ document, path: [...path, part], node: item, parent: node, entry: undefined, index: part }] : [];
}

/** Throws UNSUPPORTED_VALUE when a node is an alias, or holds one or an anchor that others may use. */
export function requireOwn(doc: SourceDocument, { node, path }: Located): void {
  if (doc.format === 'yaml' && hasNames(doc.text, node))
    throw new LockstepError('UNSUPPORTED_VALUE', { path, what: 'alias' });
}

const anchored = linePattern('^(?:![^ \\t%b]*[ \\t%b]+)?&');

function hasNames(text: string, node: Node): boolean {
  if (node.kind === 'alias') return true;
  if (anchored.test(text.slice(node.span.start, node.span.start + 1024))) return true;
  return childrenOf(node).some((child) => hasNames(text, child));
}
