import { base64, fromBase64, tryUtf8, upperHex, utf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { bytesOfText } from '../format/encoding.ts';
import { fitsInt64 } from '../format/number.ts';
import { readTimestamp } from '../format/timestamp.ts';
import type { Scalar } from '../tree/value.ts';

/** What an envelope can hold: a leaf value, or a comment's text. */
export type Plain =
  | Exclude<Scalar, { type: 'null' }>
  | { readonly type: 'comment'; readonly value: string | Uint8Array };

/** An `ENC[…]` text taken apart (SOPS aes/cipher.go). `iv` may have any length, `tag` is kept apart from `data`. */
export interface Envelope {
  readonly data: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly type: string;
}

const prefix = 'ENC[AES256_GCM,data:';

/** The envelope in `text`, or undefined when it is none or its base64 is broken. */
export function parseEnvelope(text: string): Envelope | undefined {
  if (!text.startsWith(prefix)) return undefined;
  // Anchored at its start only and every field as long as can be, as the pattern of SOPS reads it: text after the
  // closing bracket is ignored.
  const end = text.lastIndexOf(']');
  const typeAt = text.lastIndexOf(',type:', end);
  const tagAt = text.lastIndexOf(',tag:', typeAt);
  const ivAt = text.lastIndexOf(',iv:', tagAt);
  if (ivAt < prefix.length || tagAt <= ivAt || typeAt <= tagAt) return undefined;
  const data = fromBase64(text.slice(prefix.length, ivAt));
  const iv = fromBase64(text.slice(ivAt + 4, tagAt));
  const tag = fromBase64(text.slice(tagAt + 5, typeAt));
  const type = text.slice(typeAt + 6, end);
  return data?.length && iv?.length && tag?.length && type ? { data, iv, tag, type } : undefined;
}

const typeLabel = /,type:([^\]\n]+)\]/;

/** Only the `type:` label of an `ENC[…]` text, without decoding it; undefined when it is none. */
export function envelopeType(text: string): string | undefined {
  return text.startsWith('ENC[AES256_GCM,') ? typeLabel.exec(text)?.[1] : undefined;
}

/** The text form of an envelope, as SOPS writes it. */
export function showEnvelope(envelope: Envelope): string {
  const { data, iv, tag, type } = envelope;
  return `ENC[AES256_GCM,data:${base64(data)},iv:${base64(iv)},tag:${base64(tag)},type:${type}]`;
}

/** The one byte form of a value that is both encrypted and hashed for the MAC (SOPS `ToBytes`). */
export function valueBytes(value: Plain): Uint8Array {
  const form = valueForm(value);
  if (typeof form !== 'string') return form;
  return value.type === 'comment' ? bytesOfText(form) : utf8(form);
}

/** The text whose bytes that are, or the bytes of a value that is no text. */
export function valueForm(value: Plain): string | Uint8Array {
  switch (value.type) {
    case 'int':
      return value.value.toString();
    case 'float':
      return goFloat(value.value);
    case 'bool':
      return value.value ? 'True' : 'False';
    default:
      return value.value;
  }
}

/** Go's `strconv.FormatFloat(x, 'f', -1, 64)`: shortest digits, never an exponent. */
export function goFloat(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x > 0 ? '+Inf' : '-Inf';
  if (Object.is(x, -0)) return '-0';
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(String(x));
  if (!match) return String(x);
  const [, sign, whole = '', fraction = '', exponent] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A text that tells values apart, with their type. It holds the value: keep it to yourself. */
export function keyOf(value: Scalar | undefined): string {
  if (!value || value.type === 'null') return 'null';
  if (value.type === 'float') return `float:${goFloat(value.value)}`;
  if (value.type === 'str' && typeof value.value !== 'string') return `bytes:${upperHex(value.value)}`;
  return `${value.type}:${value.value}`;
}

const goInt = /^[+-]?\d+$/;
// No digit can belong to two parts of it, so that a long text that does not fit takes no longer than one that does.
const goFloatText = /^[+-]?(?:\d+(?:_\d+)*(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * The value of decrypted bytes under a `type:` label. Throws BAD_VALUE_TYPE when the label is unknown or the bytes do not
 * fit it. `bytes` is a label of old Python files.
 */
export function readValue(type: string, bytes: Uint8Array): Plain {
  if (type === 'str' || type === 'bytes') return { type: 'str', value: tryUtf8(bytes) ?? bytes };
  if (type === 'comment') return { type: 'comment', value: tryUtf8(bytes) ?? bytes };
  const text = tryUtf8(bytes) ?? '';
  const value = readText(type, text);
  if (!value) throw new LockstepError('BAD_VALUE_TYPE');
  return value;
}

function readText(type: string, text: string): Plain | undefined {
  switch (type) {
    case 'int':
      return goInt.test(text) ? readInt(text) : undefined;
    case 'float':
      return readFloat(text);
    case 'bool':
      if (/^(1|t|T|TRUE|true|True)$/.test(text)) return { type, value: true };
      return /^(0|f|F|FALSE|false|False)$/.test(text) ? { type, value: false } : undefined;
    case 'time': {
      const time = readTime(text);
      return time === undefined ? undefined : { type, value: time };
    }
    default:
      return undefined;
  }
}

/** Zeros may stand before the digits, of which an int64 has 19 at most. */
function readInt(text: string): Plain | undefined {
  const digits = text.replace(/^[+-]?0*(?=\d)/, '');
  if (digits.length > 19) return undefined;
  const value = BigInt(digits) * (text.startsWith('-') ? -1n : 1n);
  return fitsInt64(value) ? { type: 'int', value } : undefined;
}

function readFloat(text: string): Plain | undefined {
  const special = /^([+-]?)(inf|infinity)$/i.exec(text);
  if (special) return { type: 'float', value: special[1] === '-' ? -Infinity : Infinity };
  if (/^nan$/i.test(text)) return { type: 'float', value: Number.NaN };
  if (!goFloatText.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { type: 'float', value } : undefined;
}

/** `2026-11-28T12:00:00Z`, as SOPS writes it, is as it has to be: the patterns for all others take a new process long to set up. */
function isUsualTime(text: string): boolean {
  if (text.length !== 20 || !text.endsWith('Z')) return false;
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && `${date.toISOString().slice(0, 19)}Z` === text;
}

/** An RFC 3339 text as `readTimestamp` has it. Undefined when the text is no such time or date. */
export function readTime(text: string): string | undefined {
  if (isUsualTime(text)) return text;
  const time = rfc3339.test(text) ? readTimestamp(text) : undefined;
  return time === 'zone' ? undefined : time;
}
