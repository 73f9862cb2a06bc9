import { tryUtf8 } from '../bytes.ts';
import { shortFloat } from '../format/number.ts';
import type { Scalar } from './value.ts';

/**
 * A value as text, for places that hold nothing else, such as an environment (stores/stores.go, ValToString). Undefined for bytes that are no
 * text.
 */
export function flatText(value: Scalar): string | undefined {
  switch (value.type) {
    case 'null':
      return '<nil>';
    case 'str':
      return typeof value.value === 'string' ? value.value : tryUtf8(value.value);
    case 'float':
      return goShort(value.value);
    case 'time':
      return value.value.replace(/\.\d+/, '');
    default:
      return String(value.value);
  }
}

/** Go's `%G` in the shortest digits, with `.0` where it would otherwise look like an integer. */
function goShort(x: number): string {
  const text = shortFloat(x).replace('e', 'E');
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
