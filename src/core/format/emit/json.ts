import { LockstepError } from '../../errors.ts';
import type { Path } from '../../tree/path.ts';
import type { PlainNode } from '../../tree/plain.ts';
import type { Scalar } from '../../tree/value.ts';

/**
 * JSON as Go's encoding/json prints it for sops (stores/json/store.go). Bytes that are no UTF-8 are refused, where sops
 * would replace them.
 */
export function emitJson(node: PlainNode, unit: string): string {
  return print(node, unit, '\n', []);
}

function print(node: PlainNode, unit: string, before: string, path: Path): string {
  if (node.kind === 'scalar') return jsonText(node.scalar, path);
  const inner = before + unit;
  const [open, close] = node.kind === 'map' ? '{}' : '[]';
  const parts: string[] = [];
  if (node.kind === 'map') {
    for (const member of node.members) {
      if (member.kind === 'comment') continue;
      const value = print(member.value, unit, inner, [...path, member.key]);
      parts.push(`${stringText(member.key)}: ${value}`);
    }
  } else {
    for (const item of node.items)
      if (item.kind !== 'comment') parts.push(print(item, unit, inner, [...path, parts.length]));
  }
  return parts.length === 0 ? `${open}${close}` : `${open}${inner}${parts.join(`,${inner}`)}${before}${close}`;
}

/** A scalar as a JSON token. Throws BAD_VALUE for what JSON has no token for. */
export function jsonText(scalar: Scalar, path: Path): string {
  switch (scalar.type) {
    case 'null':
      return 'null';
    case 'int':
    case 'bool':
      return String(scalar.value);
    case 'float':
      if (!Number.isFinite(scalar.value)) throw new LockstepError('BAD_VALUE', { path, what: 'json' });
      return Object.is(scalar.value, -0) ? '-0' : String(scalar.value);
    case 'time':
      return stringText(scalar.value);
    case 'str':
      if (typeof scalar.value !== 'string') throw new LockstepError('BAD_VALUE', { path, what: 'json' });
      return stringText(scalar.value);
  }
}

/** Go escapes what HTML and old JavaScript would trip over. */
function stringText(text: string): string {
  const escaped = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, escaped);
}
