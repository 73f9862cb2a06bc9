import { base64 } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import type { Scalar, Value } from '../../tree/value.ts';
import type { ScalarStyle } from '../document.ts';
import { floatText } from '../number.ts';
import { checkScalar, checkUnicode } from '../place.ts';
import { resolvePlain } from './scalar.ts';

/** Scalars, keys and whole values as YAML text that go-yaml reads back as the same type and bytes. */

/** How to set a text out in a file. */
export interface Layout {
  readonly eol: string;
  /** Steps of indentation. */
  readonly unit: number;
  /** How much deeper than its key a list stands. */
  readonly listIndent: number;
  /** Strings of several lines go into quotes: comments below would become part of a block scalar. */
  readonly noBlocks?: boolean;
}

/** A printed value: what goes behind `key:` or `-`, and the lines below, each with its line end before it. */
export interface Printed {
  readonly inline: string;
  readonly below: string;
}

/** The column of what is nested under `column`: the next multiple of the unit, as go-yaml's emitter has it. */
export function childColumn(column: number, unit: number): number {
  return unit * (Math.floor(column / unit) + 1);
}

/** Go takes these for strings, YAML 1.1 for booleans, base-60 numbers and signs: sops quotes them, so do we. */
const ambiguous =
  /^(?:[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|<<|=|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const unprintable = /[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;
const badStart = /^(?:[-?:](?:$|[ \t])|[,[\]{}#&*!|>'"%@`? \t]|---|\.\.\.)/;

/** Whether `text` can stand without quotes and is a string there. */
function canBePlain(text: string, flow: boolean): boolean {
  if (text === '' || unprintable.test(text) || badStart.test(text) || /: |:$| #|[ ]$/.test(text)) return false;
  return !(flow && /[,?[\]{}:]/.test(text));
}

/** Whether a text that stands without quotes is a string to every reader; `=` is one to Go, and sops leaves it so. */
export function readsAsText(text: string): boolean {
  return text === '=' || readsAsString(text);
}

function readsAsString(text: string): boolean {
  const found = resolvePlain(text);
  return typeof found !== 'string' && found.type === 'str' && !ambiguous.test(text);
}

/** A string on one line, in the style given if that can hold it. */
function stringText(text: string, style: ScalarStyle, flow: boolean): string {
  if (style === 'single' && !unprintable.test(text)) return singleQuoted(text);
  if (style === 'double' || style === 'single' || (text !== '' && !readsAsString(text))) return doubleQuoted(text);
  if (canBePlain(text, flow)) return text;
  return flow || text === '' || unprintable.test(text) ? doubleQuoted(text) : singleQuoted(text);
}

export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const shortEscapes: Record<string, string> = {
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

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
const mustEscape = /["\\\0-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/gu;

/** In double quotes. @param which characters are escaped. */
export function doubleQuoted(text: string, which = mustEscape): string {
  return `"${text.replace(which, escaped)}"`;
}

/** As go-yaml has it (emitterc.go). */
function escaped(char: string): string {
  const known = shortEscapes[char];
  if (known !== undefined) return `\\${known}`;
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** The name of an entry. Throws BAD_NAME. */
export function keyText(key: string, style: ScalarStyle, flow: boolean): string {
  checkUnicode(key, 'BAD_NAME');
  const text = stringText(key, style === 'single' || style === 'double' ? style : 'plain', flow);
  // A key that does not need `?` ends within 1024 characters (YAML 1.1, section 9.1.3).
  if (text.length > 1000) throw new LockstepError('BAD_NAME', { what: 'length' });
  return text;
}

/** A scalar on one line. Throws BAD_VALUE. */
export function scalarText(scalar: Scalar, style: ScalarStyle, flow: boolean): string {
  checkScalar(scalar);
  switch (scalar.type) {
    case 'null':
      return 'null';
    case 'int':
    case 'bool':
      return String(scalar.value);
    case 'float':
      return Number.isFinite(scalar.value) ? floatText(scalar.value) : specialFloat(scalar.value);
    case 'time':
      return timeText(scalar.value);
    case 'str':
      if (typeof scalar.value !== 'string') return `!!binary ${base64(scalar.value) || '""'}`;
      checkUnicode(scalar.value, 'BAD_VALUE');
      return stringText(scalar.value, style, flow);
  }
}

function specialFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  return value > 0 ? '.inf' : '-.inf';
}

function timeText(value: string): string {
  const read = resolvePlain(value);
  if (typeof read === 'string' || read.type !== 'time' || read.value !== value)
    throw new LockstepError('BAD_VALUE', { what: 'time' });
  return value;
}

/** A string as the header and lines of a literal block at `column`, under a parent at `parent`; undefined if that cannot hold it. */
export function literalBlock(text: string, parent: number, column: number, eol: string): Printed | undefined {
  return canBeLiteral(text) ? literal(text, column - Math.max(parent, 0), column, eol) : undefined;
}

/** A text as a literal block at `column`, `step` further right than what holds it; undefined where that takes two digits to say. */
export function literal(text: string, step: number, column: number, eol: string): Printed | undefined {
  const indicator = /^[ \n]/.test(text) ? String(step) : '';
  if (indicator && step > 9) return undefined;
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const below = lines.map((line) => (line === '' ? eol : eol + ' '.repeat(column) + line)).join('');
  return { inline: `|${indicator}${chomp}`, below };
}

/**
 * Several lines of printable text. A second line break at the end would need `|+`, which swallows blank lines that
 * follow; a tab at the start is read by us but lost by sops when it prints the value.
 */
function canBeLiteral(text: string): boolean {
  if (!text.includes('\n') || text.endsWith('\n\n') || /^[\n ]*$/.test(text) || text.startsWith('\t')) return false;
  return !unprintable.test(text.replace(/[\n\t]/g, ''));
}

/** A value in flow style. */
export function flowText(value: Value): string {
  if (value.kind === 'scalar') return scalarText(value.scalar, 'plain', true);
  if (value.kind === 'list') return `[${value.items.map(flowText).join(', ')}]`;
  return `{${value.members.map((one) => `${keyText(one.key, 'plain', true)}: ${flowText(one.value)}`).join(', ')}}`;
}

/** A value in block style behind a key or a dash at `column`. */
export function blockText(value: Value, column: number, layout: Layout, inList: boolean): Printed {
  if (value.kind === 'scalar') return blockScalar(value.scalar, column, layout);
  if (value.kind === 'map') return blockMap(value.members, column, layout, inList);
  if (value.items.length === 0) return { inline: '[]', below: '' };
  const at = inList ? column + 2 : column + layout.listIndent;
  const items = value.items.map((item) => {
    const { inline, below } = blockText(item, at, layout, true);
    return `-${inline && ' '}${inline}${below}`;
  });
  return joined(items, at, layout, inList);
}

function blockScalar(scalar: Scalar, column: number, layout: Layout): Printed {
  if (scalar.type === 'str' && typeof scalar.value === 'string') {
    checkUnicode(scalar.value, 'BAD_VALUE');
    const at = childColumn(column, layout.unit);
    const block = layout.noBlocks ? undefined : literalBlock(scalar.value, column, at, layout.eol);
    if (block) return block;
  }
  return { inline: scalarText(scalar, 'plain', false), below: '' };
}

function blockMap(
  members: readonly { key: string; value: Value }[],
  column: number,
  layout: Layout,
  inList: boolean,
): Printed {
  if (members.length === 0) return { inline: '{}', below: '' };
  const at = inList ? column + 2 : childColumn(column, layout.unit);
  const entries = members.map((member) => entryText(member.key, member.value, at, layout));
  return joined(entries, at, layout, inList);
}

/** The first of several lines stands behind a dash, or all stand below a key. */
function joined(parts: string[], column: number, layout: Layout, inList: boolean): Printed {
  const before = layout.eol + ' '.repeat(column);
  const text = parts.join(before);
  if (!inList) return { inline: '', below: before + text };
  return { inline: text, below: '' };
}

/** `key: value` at `column`, without its indentation. */
export function entryText(key: string, value: Value, column: number, layout: Layout): string {
  const { inline, below } = blockText(value, column, layout, false);
  return `${keyText(key, 'plain', false)}:${inline && ' '}${inline}${below}`;
}
