import { LockstepError, type Word } from '../errors.ts';
import { Lines } from '../view/lines.ts';
import { type Environment, lookUp } from './environment.ts';
import { substitute } from './template.ts';

/** A `.env` as docker compose reads it (compose-go v2.16, dotenv/parser.go). */

const blank = '\\t\\v\\f\\r \\x85\\xa0';
const anySpace = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const blanks = new RegExp(`[${blank}]*`, 'y');
const space = new RegExp(`[${anySpace}]*`, 'y');
const isSpace = new RegExp(`[${anySpace}]`);
const exported = new RegExp(`export(?=[\\t\\n\\f\\r ])[${blank}]*`, 'y');
const escaped = /\\(?:[abcfnrtv$"\\]|0\d{0,3})/g;

const escapes: Readonly<Record<string, string>> = {
  '\\a': '\x07',
  '\\b': '\b',
  '\\f': '\f',
  '\\n': '\n',
  '\\r': '\r',
  '\\t': '\t',
  '\\v': '\v',
  '\\"': '"',
  '\\\\': '\\',
  // A dollar sign that the substitution leaves as one.
  '\\$': '$$',
};

/**
 * Names and values, `${X}` put in from `environment` and then from the file. Compose reads all of a file or nothing: throws
 * SYNTAX with the line, TOO_LARGE.
 */
export function readCompose(text: string, environment: Environment): Map<string, string> {
  return new Parser(text.replace(/^\ufeff/, ''), environment).read();
}

class Parser {
  /** A name as far as it is one, blanks in it too, and the sign that ends it. Made here: few programs read a file this way. */
  readonly #named = new RegExp(`([${blank}\\p{L}\\p{N}_.\\[\\]-]*)([=:\\n]?)`, 'uy');
  readonly #text: string;
  readonly #environment: Environment;
  readonly #found = new Map<string, string>();
  #at = 0;

  constructor(text: string, environment: Environment) {
    this.#text = text;
    this.#environment = environment;
  }

  read(): Map<string, string> {
    while (this.#nextStatement()) {
      const start = this.#at;
      const { name, sign } = this.#name();
      if (name.includes(' ')) throw this.#error(start, 'variable-name');
      // A name alone on its line takes the variable's value from the environment.
      const value = sign === '\n' ? lookUp(this.#environment, name) : this.#value(name);
      if (value !== undefined) this.#found.set(name, value);
    }
    return this.#found;
  }

  /** Goes to the next sign that is neither white space nor in a comment line; false at the end. */
  #nextStatement(): boolean {
    for (;;) {
      this.#take(space);
      if (this.#text[this.#at] !== '#') return this.#at < this.#text.length;
      const end = this.#text.indexOf('\n', this.#at);
      this.#at = end === -1 ? this.#text.length : end;
    }
  }

  #name(): { readonly name: string; readonly sign: string } {
    const start = this.#at;
    this.#take(exported);
    const from = this.#at;
    const [whole, name = '', sign = ''] = this.#take(this.#named);
    if (sign !== '') {
      this.#take(blanks);
      return { name: trimEnd(name), sign };
    }
    if (from === this.#text.length || from + whole.length < this.#text.length)
      throw this.#error(start, 'variable-name');
    // A last line without a sign is a value without a name.
    this.#at = from;
    this.#take(blanks);
    return { name: '', sign };
  }

  #value(name: string): string {
    const quote = this.#text[this.#at];
    if (quote === '"') return this.#substituted(name, this.#quoted(quote).replace(escaped, unescaped));
    if (quote === "'") return this.#quoted(quote);
    const lf = this.#text.indexOf('\n', this.#at);
    const line = this.#text.slice(this.#at, lf === -1 ? undefined : lf);
    this.#at = lf === -1 ? this.#text.length : lf + 1;
    const comment = line.indexOf(' #');
    return this.#substituted(name, trimEnd(comment === -1 ? line : line.slice(0, comment)));
  }

  /** The text between the quotes; of escapes only that of the quote is taken off. */
  #quoted(quote: string): string {
    const parts: string[] = [];
    let from = this.#at + 1;
    for (let at = from; at < this.#text.length; at++) {
      const sign = this.#text[at];
      if (sign === '\\') {
        if (this.#text[at + 1] === quote) {
          parts.push(this.#text.slice(from, at));
          from = at + 1;
        }
        at++;
      } else if (sign === quote) {
        parts.push(this.#text.slice(from, at));
        this.#at = at + 1;
        return parts.join('');
      }
    }
    throw this.#error(this.#at, 'variable-quote');
  }

  #substituted(name: string, value: string): string {
    return substitute(value, (one) => lookUp(this.#environment, one) ?? this.#found.get(one), name);
  }

  #take(pattern: RegExp): RegExpExecArray | [''] {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) return [''];
    this.#at += found[0].length;
    return found;
  }

  #error(offset: number, what: Word<'SYNTAX'>): LockstepError {
    return new LockstepError('SYNTAX', { offset, line: new Lines(this.#text).lineAt(offset) + 1, what });
  }
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** One escape as Go's `strconv.UnquoteChar` reads it after `\0` lost its zero; what is none stays without that. */
function unescaped(match: string): string {
  if (!match.startsWith('\\0')) return escapes[match] ?? match;
  const digits = match.slice(2);
  const code = /^[0-3][0-7]{2}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
  return code === undefined ? `\\${digits}` : String.fromCharCode(code);
}
