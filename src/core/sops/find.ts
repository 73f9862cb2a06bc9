import type { Node } from '../format/document.ts';
import { itemsOf } from '../format/place.ts';
import type { Path } from '../tree/path.ts';
import type { Sealed } from './sealed.ts';

/** The maps that can take a new entry, document by document, outermost first. */
export function maps(sealed: Sealed): { document: number; path: Path }[] {
  const found: { document: number; path: Path }[] = [];
  const visit = (node: Node, document: number, path: Path): void => {
    if (node.kind === 'map') {
      found.push({ document, path });
      for (const member of node.members)
        if (member.kind === 'entry') visit(member.value, document, [...path, member.key]);
    } else if (node.kind === 'list') {
      itemsOf(node).forEach((item, i) => {
        visit(item, document, [...path, i]);
      });
    }
  };
  sealed.doc.documents.forEach((root, i) => {
    visit(root, i, []);
  });
  return found;
}
