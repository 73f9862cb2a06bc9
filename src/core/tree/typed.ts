import { fitsInt64 } from '../format/number.ts';
import { losesDigits } from '../seal/numberchange.ts';
import type { LeafType } from '../sops/sealed.ts';
import type { Scalar } from './value.ts';

// No zeros in front and no plus sign: those make a telephone number or a PIN, which would come back without them.
const int = /^(?:0|-?[1-9]\d{0,18})$/;
const float = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * A typed text as a value of the entry's type; undefined where it does not fit and would be stored as text. A number fits when
 * no digit of it is lost.
 */
export function fitting(text: string, type: LeafType): Scalar | undefined {
  switch (type) {
    case 'int':
      return int.test(text) && fitsInt64(BigInt(text)) ? { type: 'int', value: BigInt(text) } : undefined;
    case 'float':
      return isExact(text) ? { type: 'float', value: Number(text) } : undefined;
    case 'bool':
      return text === 'true' || text === 'false' ? { type: 'bool', value: text === 'true' } : undefined;
    case 'time':
      return time.test(text) && !Number.isNaN(Date.parse(text)) ? { type: 'time', value: text } : undefined;
    default:
      return { type: 'str', value: text };
  }
}

/** What is stored: of the entry's type where the text fits it, else text. */
export function scalarOf(text: string, type: LeafType): Scalar {
  return fitting(text, type) ?? { type: 'str', value: text };
}

function isExact(text: string): boolean {
  return float.test(text) && Number.isFinite(Number(text)) && !losesDigits(text, Number(text));
}

/** A value as the text that a program would get; undefined for bytes that are no text. */
export function textOfScalar(scalar: Scalar): string | undefined {
  if (scalar.type === 'null') return '';
  return typeof scalar.value === 'object' ? undefined : String(scalar.value);
}
