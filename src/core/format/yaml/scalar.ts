import { fromBase64, tryUtf8 } from '../../bytes.ts';
import type { Scalar } from '../../tree/value.ts';
import type { ScalarStyle } from '../document.ts';
import { readTimestamp } from '../timestamp.ts';

/** What a scalar's text stands for in go-yaml (resolve.go): YAML 1.1 with its own corrections, not the 1.2 core schema. */

const words: Record<string, Scalar> = {
  '': { type: 'null' },
  '~': { type: 'null' },
  null: { type: 'null' },
  Null: { type: 'null' },
  NULL: { type: 'null' },
  true: { type: 'bool', value: true },
  True: { type: 'bool', value: true },
  TRUE: { type: 'bool', value: true },
  false: { type: 'bool', value: false },
  False: { type: 'bool', value: false },
  FALSE: { type: 'bool', value: false },
};

const specialFloat = /^(?:([+-]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const decimalFloat = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const int64Max = 0x7fffffffffffffffn;

/** An integer that Go holds in uint64 only: SOPS cannot encrypt it. */
type Unsupported = 'uint64' | 'tag' | 'binary' | 'time-zone';

/** The scalar, or why SOPS cannot have it. `tag` is in short form, empty if none was written. */
export function resolveScalar(text: string, style: ScalarStyle, tag: string): Scalar | Unsupported {
  if (tag === '' || tag === '!') return style === 'plain' ? resolvePlain(text) : { type: 'str', value: text };
  if (tag === '!!binary') return binary(text);
  const found = resolvePlain(text, tag === '!!timestamp');
  switch (tag) {
    case '!!null':
    case '!!bool':
    case '!!int':
    case '!!timestamp':
      return typeof found === 'string' || found.type === typeOfTag[tag] ? found : 'tag';
    case '!!float':
      if (typeof found === 'string') return 'tag';
      if (found.type === 'int') return { type: 'float', value: Number(found.value) };
      return found.type === 'float' ? found : 'tag';
    default: // `!!str`, and every tag that go-yaml does not know
      return { type: 'str', value: text };
  }
}

const typeOfTag = { '!!null': 'null', '!!bool': 'bool', '!!int': 'int', '!!timestamp': 'time' } as const;

/** A plain scalar without a tag. Under `!!int` and the like dates are not looked for. */
export function resolvePlain(text: string, times = true): Scalar | Unsupported {
  const c = text.charCodeAt(0);
  if (!(c <= 0x39 && c >= 0x2b) && c !== 0x7e && text.length > 5) return { type: 'str', value: text };
  const word = Object.hasOwn(words, text) ? words[text] : undefined;
  if (word) return word;
  const special = specialFloat.exec(text);
  if (special)
    return {
      type: 'float',
      value: text.endsWith('n') || text.endsWith('N') ? Number.NaN : special[1] === '-' ? -Infinity : Infinity,
    };
  const str: Scalar = { type: 'str', value: text };
  if (c === 0x2e) return goFloat(text) ?? str;
  if (c === 0x2b || c === 0x2d || (c >= 0x30 && c <= 0x39)) return number(text, times) ?? str;
  return str;
}

function number(text: string, times: boolean): Scalar | Unsupported | undefined {
  const time = times ? readTimestamp(text) : undefined;
  if (time !== undefined) return time === 'zone' ? 'time-zone' : { type: 'time', value: time };
  const plain = text.replaceAll('_', '');
  const int = baseInt(plain) ?? prefixedInt(plain);
  if (int !== undefined) {
    if (int > int64Max) return 'uint64';
    return { type: 'int', value: int };
  }
  return decimalFloat.test(plain) ? finite(plain) : undefined;
}

/** Go's strconv.ParseInt and ParseUint with base 0: prefixes, and a leading zero is octal. Undefined past 64 bit. */
function baseInt(text: string): bigint | undefined {
  const found = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]+|0|[1-9]\d*)$/.exec(text);
  const digits = found?.[2];
  if (!digits || digits.length > 80) return undefined;
  const octal = /^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits;
  return inRange(found[1] ?? '', BigInt(octal));
}

/** ParseUint takes no sign, so a signed number has to fit int64. */
function inRange(sign: string, value: bigint): bigint | undefined {
  if (sign === '-') return value <= int64Max + 1n ? -value : undefined;
  return value <= (sign ? int64Max : 0xffffffffffffffffn) ? value : undefined;
}

/** `0b-1`, `0o+7`: a sign behind the prefix, which go-yaml takes because it parses the rest alone. */
function prefixedInt(text: string): bigint | undefined {
  const found = /^0(?:b([+-])([01]+)|o([+-])([0-7]+))$/.exec(text);
  if (!found || text.length > 80) return undefined;
  const sign = found[1] ?? found[3] ?? '';
  return inRange(sign, BigInt(found[2] !== undefined ? `0b${found[2]}` : `0o${found[4]}`));
}

function finite(text: string): Scalar | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? { type: 'float', value } : undefined;
}

/** What Go's strconv.ParseFloat takes of texts that start with a point. */
function goFloat(text: string): Scalar | undefined {
  return /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+(?:_\d+)*)?$/.test(text) ? finite(text.replaceAll('_', '')) : undefined;
}

/** Base64 with padding, CR and LF ignored, as Go's base64.StdEncoding. Bytes that are UTF-8 become a string. */
function binary(text: string): Scalar | Unsupported {
  const bytes = fromBase64(text);
  return bytes ? { type: 'str', value: tryUtf8(bytes) ?? bytes } : 'binary';
}
