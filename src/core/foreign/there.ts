import type { Opened } from '../open/open.ts';
import { plainTree } from '../open/plaintree.ts';
import type { PlainNode } from '../tree/plain.ts';
import type { Value } from '../tree/value.ts';

/** What an opened file holds, its first document, to be compared with what is brought in. It is plaintext and stays in memory. */
export async function heldBy(opened: Opened): Promise<Value> {
  const [root] = await plainTree(opened);
  return root ? valueOfNode(root) : emptyMap;
}

/** What a file holds that is to be made. */
export const emptyMap: Value = { kind: 'map', members: [] };

function valueOfNode(node: PlainNode): Value {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'list')
    return { kind: 'list', items: node.items.flatMap((one) => (one.kind === 'comment' ? [] : [valueOfNode(one)])) };
  const members = node.members.flatMap((one) =>
    one.kind === 'comment' ? [] : [{ key: one.key, value: valueOfNode(one.value) }],
  );
  return { kind: 'map', members };
}
