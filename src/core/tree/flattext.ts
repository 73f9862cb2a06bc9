import { tryUtf8 } from '../bytes.ts';
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
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x > 0 ? '+Inf' : '-Inf';
  const [digits = '', exponent = '0'] = x.toExponential().split('e');
  const power = Number(exponent);
  const sign = Object.is(x, -0) ? '-' : '';
  if (power < -4 || power >= 6) return `${digits}E${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const text = sign + String(x);
  return text.includes('.') ? text : `${text}.0`;
}
