import type { AliasNode, CommentNode, MapNode, Node, ScalarNode, SourceDocument } from '../format/document.ts';
import { envelopeType } from '../sops/value.ts';
import { aadOf } from '../sops/walk.ts';
import type { PlainComment, PlainMap, PlainNode } from '../tree/plain.ts';
import type { Scalar } from '../tree/value.ts';
import { openComment } from './comments.ts';
import type { Opened } from './open.ts';

/** The documents of a file that is not encrypted, as plain trees; aliases become copies. */
export function treeOf(doc: SourceDocument): PlainMap[] {
  const plain: Lookup = { value: (node) => node.scalar, comment: commentOf };
  return doc.documents.map((root, document) => mapOf(root, { document, path: [] }, plain));
}

/**
 * The documents of an opened file as plain trees. A value that does not open stays the text that it is in the file: look
 * at the verdict first. Comments that do not open stay as they are, as with sops.
 */
export async function plainTree(opened: Opened): Promise<PlainMap[]> {
  const { doc, leaves, comments } = opened.sealed;
  // A key may stand twice, and an alias leads to the same node from several places: nodes in order tell leaves apart.
  const ids = new Map<string, string[]>();
  for (const { document, path, id } of leaves) {
    const name = nameOf({ document, path });
    const known = ids.get(name);
    if (known) known.push(id);
    else ids.set(name, [id]);
  }
  const texts = new Map<string, string>();
  for (const { node, aad } of comments) {
    const enc = node.kind === 'comment' ? node.text : String((node.scalar as { value?: unknown }).value);
    const text = await openComment(opened.dataKey, aad, enc);
    if (text !== undefined) texts.set(`${aad}\0${enc}`, text);
  }
  const lookup: Lookup = {
    value: (node, way) => {
      const id = ids.get(nameOf(way))?.shift();
      return (id !== undefined && opened.value(id)) || node.scalar;
    },
    comment: (node, way) => {
      const text = texts.get(`${aadOfMap(way)}\0${node.text}`);
      // SOPS does not know any more that it stood at the end of a line.
      return text === undefined ? commentOf(node) : { kind: 'comment', text, inline: false };
    },
    item: (node, way) => texts.get(`${aadOfMap(way)}\0${String((node.scalar as { value?: unknown }).value)}`),
  };
  return doc.documents.map((root, document) => mapOf(root, { document, path: [] }, lookup));
}

interface Way {
  readonly document: number;
  readonly path: readonly (string | number)[];
}

interface Lookup {
  value(node: ScalarNode, way: Way): Scalar;
  comment(node: CommentNode, way: Way): PlainComment;
  /** The text of a list item that holds an encrypted comment. */
  item?(node: ScalarNode, way: Way): string | undefined;
}

function nameOf({ document, path }: Way): string {
  return JSON.stringify([document, ...path]);
}

function aadOfMap({ path }: Way): string {
  const keys = path.filter((part) => typeof part === 'string');
  return keys.length === 0 ? ':' : aadOf(keys);
}

function commentOf({ text, inline }: CommentNode): PlainComment {
  return { kind: 'comment', text, inline };
}

function nodeOf(node: Exclude<Node, AliasNode>, way: Way, lookup: Lookup): PlainNode {
  if (node.kind === 'map') return mapOf(node, way, lookup);
  if (node.kind === 'scalar') return { kind: 'scalar', scalar: lookup.value(node, way) };
  let index = 0;
  const items = node.items.map((item): PlainNode | PlainComment => {
    if (item.kind === 'comment') return lookup.comment(item, way);
    const text = item.kind === 'scalar' && isCommentItem(item) ? lookup.item?.(item, way) : undefined;
    if (text !== undefined) return { kind: 'comment', text, inline: false };
    return nodeOf(targetOf(item), { ...way, path: [...way.path, index++] }, lookup);
  });
  return { kind: 'list', items };
}

function mapOf({ members }: MapNode, way: Way, lookup: Lookup): PlainMap {
  return {
    kind: 'map',
    members: members.map((member) =>
      member.kind === 'comment'
        ? lookup.comment(member, way)
        : {
            kind: 'entry',
            key: member.key,
            value: nodeOf(targetOf(member.value), { ...way, path: [...way.path, member.key] }, lookup),
          },
    ),
  };
}

function targetOf(node: Node): Exclude<Node, AliasNode> {
  return node.kind === 'alias' ? node.target : node;
}

function isCommentItem({ scalar }: ScalarNode): boolean {
  return scalar.type === 'str' && typeof scalar.value === 'string' && envelopeType(scalar.value) === 'comment';
}
