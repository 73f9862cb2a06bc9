import { base64 } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import type { Scalar } from '../../tree/value.ts';
import { holdsHalf } from '../encoding.ts';
import { readsAsText } from '../yaml/print.ts';
import { resolvePlain } from '../yaml/scalar.ts';

/** A scalar as go-yaml prints it: what stands on the line, and the lines of a block below, each with its line end. */
export interface ScalarText {
  readonly text: string;
  readonly below: string;
}

/**
 * @param parent the column of what holds it, @param column where the lines of a block stand. Throws BAD_VALUE, BAD_NAME for
 * a key that is no Unicode.
 */
export function emitScalarText(scalar: Scalar, parent: number, column: number, isKey: boolean): ScalarText {
  if (scalar.type === 'str' && typeof scalar.value === 'string') {
    if (holdsHalf(scalar.value)) throw new LockstepError(isKey ? 'BAD_NAME' : 'BAD_VALUE', { what: 'surrogate' });
    return stringText(scalar.value, parent, column, isKey);
  }
  return { text: plainText(scalar), below: '' };
}

function plainText(scalar: Scalar): string {
  switch (scalar.type) {
    case 'null':
      return 'null';
    case 'float':
      return goFloat(scalar.value);
    case 'str':
      return `!!binary ${base64(scalar.value as Uint8Array) || '""'}`;
    case 'time': {
      const read = resolvePlain(scalar.value);
      if (typeof read === 'string' || read.type !== 'time') throw new LockstepError('BAD_VALUE', { what: 'time' });
      return scalar.value;
    }
    default:
      return String(scalar.value);
  }
}

/** Go's `strconv.FormatFloat(x, 'g', -1, 64)`, infinities and NaN as YAML has them. */
function goFloat(x: number): string {
  if (Number.isNaN(x)) return '.nan';
  if (!Number.isFinite(x)) return x > 0 ? '.inf' : '-.inf';
  if (Object.is(x, -0)) return '-0';
  const [digits = '', exponent = '0'] = x.toExponential().split('e');
  const power = Number(exponent);
  if (x !== 0 && (power < -4 || power >= 6))
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  return String(x);
}

/** Line ends of YAML 1.1 that are none to most readers. */
const odd = /[\u0085\u2028\u2029]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const unprintable = /[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]/;

function stringText(text: string, parent: number, column: number, isKey: boolean): ScalarText {
  if (text.includes('\n')) {
    const step = column - parent;
    if (isKey || !canBeLiteral(text) || (/^[ \n]/.test(text) && step > 9))
      return { text: doubleQuoted(text), below: '' };
    return literal(text, step, column);
  }
  if (!readsAsText(text)) return { text: doubleQuoted(text), below: '' };
  if (canBePlain(text)) return { text, below: '' };
  const single = !/\t/.test(text) && !unprintable.test(text) && !odd.test(text);
  return { text: single ? `'${text.replaceAll("'", "''")}'` : doubleQuoted(text), below: '' };
}

/** `yaml_emitter_analyze_scalar`: what forbids plain style in a block. */
function canBePlain(text: string): boolean {
  if (/^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[-?:](?:$|[ \t]))/.test(text)) return false;
  if (/:(?:$|[ \t])|[ \t]#|^ | $|\t/.test(text)) return false;
  return !unprintable.test(text) && !odd.test(text);
}

/** And what forbids a block; a tab at the start is lost when sops reads it back. */
function canBeLiteral(text: string): boolean {
  return !(
    text.endsWith(' ') ||
    / [\n]/.test(text) ||
    text.startsWith('\t') ||
    unprintable.test(text) ||
    odd.test(text)
  );
}

function literal(text: string, step: number, column: number): ScalarText {
  const hint = /^[ \n]/.test(text) ? String(step) : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const below = lines.map((line) => (line === '' ? '\n' : `${' '.repeat(column)}${line}\n`)).join('');
  return { text: `|${hint}${chomp}`, below };
}

const short: Record<string, string> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

/** In a text that starts with a byte order mark go-yaml escapes everything. */
function doubleQuoted(text: string): string {
  const all = text.startsWith('\ufeff');
  let out = '';
  for (const char of text) {
    const plain =
      !all &&
      char !== '"' &&
      char !== '\\' &&
      !/[\n\u2028\u2029]/.test(char) &&
      char.length === 1 &&
      !unprintable.test(char);
    out += plain && char !== '\t' ? char : escaped(char);
  }
  return `"${out}"`;
}

function escaped(char: string): string {
  const known = short[char];
  if (known !== undefined) return `\\${known}`;
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
