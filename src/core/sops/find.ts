import { LockstepError } from '../errors.ts';
import type { Entry, MapNode, Node, ScalarNode } from '../format/document.ts';
import type { Path } from '../tree/path.ts';
import type { Leaf, Sealed } from './sealed.ts';

/** The maps that can take a new entry, document by document, outermost first. */
export function maps(sealed: Sealed): { document: number; path: Path }[] {
  const found: { document: number; path: Path }[] = [];
  const visit = (node: Node, document: number, path: Path): void => {
    if (node.kind === 'map') {
      found.push({ document, path });
      for (const member of node.members)
        if (member.kind === 'entry') visit(member.value, document, [...path, member.key]);
    } else if (node.kind === 'list') {
      node.items
        .filter((item) => item.kind !== 'comment')
        .forEach((item, i) => {
          visit(item, document, [...path, i]);
        });
    }
  };
  sealed.doc.documents.forEach((root, i) => {
    visit(root, i, []);
  });
  return found;
}

/** The map at a path. Throws NO_SUCH_ENTRY. */
export function mapAt(root: Node | undefined, path: Path): MapNode {
  const node = path.reduce<Node | undefined>((at, part) => child(at, part), root);
  if (node?.kind !== 'map') throw new LockstepError('NO_SUCH_ENTRY', { path });
  return node;
}

function child(node: Node | undefined, part: string | number): Node | undefined {
  if (node?.kind === 'map') {
    for (const member of node.members) if (member.kind === 'entry' && member.key === part) return member.value;
  }
  if (node?.kind === 'list' && typeof part === 'number')
    return node.items.filter((item) => item.kind !== 'comment')[part];
  return undefined;
}

/** The entry whose own value a leaf is, and its map. Throws NO_SUCH_ENTRY. */
export function entryAt(root: MapNode | undefined, leaf: Leaf): { map: MapNode; entry: Entry } {
  const found = root && findEntryOf(root, leaf.node);
  if (!found) throw new LockstepError('NO_SUCH_ENTRY', { path: leaf.path });
  return found;
}

function findEntryOf(node: Node, target: ScalarNode): { map: MapNode; entry: Entry } | undefined {
  if (node.kind === 'map') {
    for (const member of node.members) {
      if (member.kind !== 'entry') continue;
      if (member.value === target) return { map: node, entry: member };
      const found = findEntryOf(member.value, target);
      if (found) return found;
    }
  }
  if (node.kind === 'list') {
    for (const item of node.items) {
      const found = item.kind === 'comment' ? undefined : findEntryOf(item, target);
      if (found) return found;
    }
  }
  return undefined;
}
