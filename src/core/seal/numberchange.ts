import { goFloat } from '../sops/value.ts';
import type { Scalar } from '../tree/value.ts';

/** What becomes of a number, or of what YAML takes for one, that is not written as SOPS would write it. */
export type NumberChange =
  /** More digits than the number can hold. */
  | 'digits'
  /** It fits no signed 64 bit, and SOPS refuses it. */
  | 'too-large'
  /** A zero in front makes it octal: another number to a reader. */
  | 'octal'
  /** Zeros in front are lost. */
  | 'zeros'
  /** Zeros at its end are lost: 1.10 is 1.1. */
  | 'fraction'
  /** A plus sign, or the sign of zero, is lost. */
  | 'sign'
  | 'underscores'
  /** Hexadecimal, octal or binary becomes decimal. */
  | 'base'
  /** Digits, `e`, digits, as in many a hash: it is worked out. */
  | 'exponent'
  /** A date becomes a full time. */
  | 'time';

/**
 * How a plain YAML scalar is written otherwise after it was a value, or undefined where it means the same.
 * @param scalar what it stands for, or the word of `resolveScalar` for what SOPS cannot have.
 */
export function scalarChange(text: string, scalar: Scalar | string): NumberChange | undefined {
  if (typeof scalar === 'string')
    return scalar === 'uint64' ? 'too-large' : scalar === 'time-zone' ? 'time' : undefined;
  switch (scalar.type) {
    case 'time':
      return text === scalar.value ? undefined : 'time';
    case 'int':
      return text === String(scalar.value) ? undefined : integerChange(text);
    case 'float':
      return Number.isFinite(scalar.value) ? floatChange(text, scalar.value) : undefined;
    default:
      return undefined;
  }
}

function integerChange(text: string): NumberChange {
  if (text.includes('_')) return 'underscores';
  if (/^[+-]?0[xXbBoO]/.test(text)) return 'base';
  if (/^[+-]?0\d*[1-9]/.test(text)) return 'octal';
  return /^[+-]?0\d/.test(text) ? 'zeros' : 'sign';
}

function floatChange(text: string, value: number): NumberChange | undefined {
  if (losesDigits(text, value)) return 'digits';
  if (text.includes('_')) return 'underscores';
  if (text.startsWith('+')) return 'sign';
  if (/^-?0\d/.test(text)) return 'zeros';
  if (/^\d+[eE]\d+$/.test(text)) return 'exponent';
  return /\.(?:\d*0)?$/.test(text) ? 'fraction' : undefined;
}

/** Whether the shortest decimal of a number, which is what is stored, is another number than was written. */
export function losesDigits(text: string, value: number): boolean {
  return decimal(text) !== decimal(goFloat(value));
}

/** A decimal text as its digits and the power of ten of the last one, so that equal numbers are equal texts. */
function decimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text.replaceAll('_', '')) ?? [];
  const all = (whole + fraction).replace(/^0+/, '');
  let end = all.length;
  while (all[end - 1] === '0') end--;
  const digits = all.slice(0, end);
  if (digits === '') return '0';
  return `${sign === '-' ? '-' : ''}${digits}e${Number(exponent) - fraction.length + all.length - end}`;
}
