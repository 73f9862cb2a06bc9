import { LockstepError } from '../../errors.ts';
import type { Scalar } from '../../tree/value.ts';
import { holdsHalf } from '../encoding.ts';
import { shortFloat } from '../number.ts';
import { doubleQuoted, literal, type Printed, readsAsText, scalarText, singleQuoted } from '../yaml/print.ts';

/**
 * A scalar as go-yaml prints it.
 * @param parent the column of what holds it, @param column where the lines of a block stand. Throws BAD_VALUE, BAD_NAME for
 * a key that is no Unicode.
 */
export function emitScalarText(scalar: Scalar, parent: number, column: number, isKey: boolean): Printed {
  if (scalar.type === 'str' && typeof scalar.value === 'string') {
    if (holdsHalf(scalar.value)) throw new LockstepError(isKey ? 'BAD_NAME' : 'BAD_VALUE', { what: 'surrogate' });
    return stringText(scalar.value, parent, column, isKey);
  }
  const short = scalar.type === 'float' && Number.isFinite(scalar.value);
  return { inline: short ? shortFloat(scalar.value) : scalarText(scalar, 'plain', false), below: '' };
}

/** Line ends of YAML 1.1 that are none to most readers. */
const odd = /[\u0085\u2028\u2029]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const unprintable = /[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]/;

/** What go-yaml escapes in double quotes; everything, in a text that starts with a byte order mark. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const mustEscape = /["\\\0-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\u{10000}-\u{10ffff}]/gu;
const everything = /[\s\S]/gu;

function stringText(text: string, parent: number, column: number, isKey: boolean): Printed {
  const quoted = () => ({ inline: doubleQuoted(text, text.startsWith('\ufeff') ? everything : mustEscape), below: '' });
  if (text.includes('\n'))
    return (!isKey && canBeLiteral(text) && literal(text, column - parent, column, '\n')) || quoted();
  if (!readsAsText(text)) return quoted();
  if (canBePlain(text)) return { inline: text, below: '' };
  if (/\t/.test(text) || unprintable.test(text) || odd.test(text)) return quoted();
  return { inline: singleQuoted(text), below: '' };
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
