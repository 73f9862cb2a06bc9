import { LockstepError } from '../errors.ts';
import type { FormatId } from '../format/document.ts';
import { fitsInt64 } from '../format/number.ts';
import { losesDigits } from '../seal/numberchange.ts';
import type { LeafType } from '../sops/sealed.ts';
import { type Scalar, text as textScalar, type Value } from './value.ts';

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

/**
 * A typed text as a value of a type, in the forms that people write and those that YAML and SOPS have. Throws BAD_VALUE:
 * `not-` and the type where the text does not fit, `type` where the format has no such values.
 */
export function scalarIn(text: string, as: LeafType, format: FormatId): Scalar {
  const textOnly = format !== 'yaml' && format !== 'json';
  if ((textOnly && as !== 'str') || (format === 'json' && as === 'time')) {
    throw new LockstepError('BAD_VALUE', { what: 'type' });
  }
  if (as === 'str') return textScalar(text);
  const value = readAs(text.trim(), as);
  if (!value) throw new LockstepError('BAD_VALUE', { what: `not-${as}` });
  return value;
}

function readAs(text: string, as: Exclude<LeafType, 'str'>): Scalar | undefined {
  switch (as) {
    case 'null':
      return /^(?:|null|~)$/i.test(text) ? { type: 'null' } : undefined;
    case 'bool':
      return fitting(text.toLowerCase(), as);
    case 'int':
      return fitting(text, as);
    case 'float':
      return special(text) ?? fitting(text, as);
    case 'time':
      return fitting(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text.replace(/[t ]/, 'T'), as);
  }
}

/** Numbers that have no digits. */
function special(text: string): Scalar | undefined {
  const [, sign, name] = /^([-+]?)\.?(inf|infinity|nan)$/i.exec(text) ?? [];
  if (name === undefined) return undefined;
  if (name.toLowerCase() === 'nan') return sign === '' ? { type: 'float', value: Number.NaN } : undefined;
  return { type: 'float', value: sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY };
}

/** A list or a map as lines, one a value, deeper ones indented. */
export function textOfValue(value: Value, indent = ''): string {
  if (value.kind === 'scalar') return indent + (textOfScalar(value.scalar) ?? '');
  if (value.kind === 'list') return value.items.map((item) => textOfValue(item, `${indent}- `)).join('\n');
  return value.members
    .map(({ key, value: inner }) =>
      inner.kind === 'scalar'
        ? `${indent}${key}: ${textOfValue(inner)}`
        : `${indent}${key}:\n${textOfValue(inner, `${indent.replace(/- $/, '  ')}  `)}`,
    )
    .join('\n');
}
