import type { Value } from '../tree/value.ts';
import { scalar } from '../tree/value.ts';
import type { Node } from './document.ts';
import { itemsOf } from './place.ts';

/** What a node holds, without places and comments; aliases become copies. */
export function nodeValue(node: Node): Value {
  if (node.kind === 'alias') return nodeValue(node.target);
  if (node.kind === 'scalar') return scalar(node.scalar);
  if (node.kind === 'list') return { kind: 'list', items: itemsOf(node).map(nodeValue) };
  const entries = node.members.filter((member) => member.kind === 'entry');
  return { kind: 'map', members: entries.map(({ key, value }) => ({ key, value: nodeValue(value) })) };
}

/** A text that tells values apart: type, order and spelling of keys count. It holds the values: keep it to yourself. */
export function fingerprint(value: Value): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    if (part instanceof Uint8Array) return [...part];
    return typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0)) ? floatName(part) : part;
  });
}

function floatName(part: number): string {
  return Object.is(part, -0) ? '-0' : String(part);
}
