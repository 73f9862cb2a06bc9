import { LockstepError } from '../errors.ts';
import { maxResult, maxTemplate } from './environment.ts';

/** `$X`, `${X:-default}` and their like in a value, as docker compose puts them in (compose-go v2.16, template/template.go). */

type Mapping = (name: string) => string | undefined;

const word = '[_a-zA-Z\\u017f\\u212a][_a-zA-Z0-9\\u017f\\u212a]*';
const pattern = new RegExp(`\\$(?:(\\$)|(${word})|\\{(?:(${word}(?::?[-+?][^\\n]*)?)\\}|))`, 'g');
const first = new RegExp(pattern.source);

/** Deeper than anybody nests defaults. */
const maxDepth = 100;

/**
 * The value with its variables put in; one that is not set becomes nothing. Throws BAD_VALUE (`template`: `${` without an
 * end, `required`: one with `?` is not set), TOO_LARGE; both with `name`.
 */
export function substitute(value: string, mapping: Mapping, name: string): string {
  if (!value.includes('$')) return value;
  if (value.length > maxTemplate) throw tooLarge(name);
  return new Substitution(mapping, name).all(value, 0);
}

const tooLarge = (name: string) => new LockstepError('TOO_LARGE', { path: [name], what: 'variable' });

class Substitution {
  readonly #mapping: Mapping;
  readonly #name: string;
  #length = 0;

  constructor(mapping: Mapping, name: string) {
    this.#mapping = mapping;
    this.#name = name;
  }

  all(template: string, depth: number): string {
    if (depth > maxDepth) throw tooLarge(this.#name);
    return template.replace(pattern, (match: string) => this.#replaced(match, depth));
  }

  /** A match goes on to the last brace of its line: what follows its own one is done apart. */
  #replaced(match: string, depth: number): string {
    const parts: string[] = [];
    const operator = operatorOf(match);
    const close = closingBrace(match);
    const rest = close === -1 ? '' : match.slice(close + 1);
    const [, escaped, plain, braced] = first.exec(close === -1 ? match : match.slice(0, close + 1)) ?? [];
    if (escaped) return escaped;
    const variable = plain || braced;
    if (!variable) throw this.#bad('template');
    const applied = plain ? undefined : this.#operated(variable, operator, depth);
    parts.push(applied ?? this.#counted(this.#mapping(variable) ?? ''));
    if (applied !== undefined && rest !== '') parts.push(this.all(rest, depth + 1));
    return parts.join('');
  }

  /** Undefined where the variable has no such operator. */
  #operated(text: string, operator: Operator, depth: number): string | undefined {
    const at = text.indexOf(operator);
    if (at === -1) return undefined;
    const value = this.#mapping(text.slice(0, at));
    const otherwise = () => this.all(text.slice(at + operator.length), depth + 1);
    const there = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
    if (operator.endsWith('+')) return there ? otherwise() : this.#counted(value ?? '');
    if (there) return this.#counted(value ?? '');
    if (operator.endsWith('-')) return otherwise();
    throw this.#bad('required');
  }

  #counted(value: string): string {
    this.#length += value.length;
    if (this.#length > maxResult) throw tooLarge(this.#name);
    return value;
  }

  #bad(what: 'template' | 'required'): LockstepError {
    return new LockstepError('BAD_VALUE', { path: [this.#name], what });
  }
}

type Operator = ':?' | '?' | ':-' | '-' | ':+' | '+';

/**
 * The operator that comes first in a match. Go's `sort.Slice` does it, by a comparison that takes every operator that is not
 * there for the greater one, also of two: its order is that of an insertion sort, so ours is one.
 */
function operatorOf(match: string): Operator {
  const operators: Operator[] = [':?', '?', ':-', '-', ':+', '+'];
  for (let i = 1; i < operators.length; i++) {
    for (let j = i; j > 0 && before(match, operators[j], operators[j - 1]); j--) {
      const one = operators[j] as Operator;
      operators[j] = operators[j - 1] as Operator;
      operators[j - 1] = one;
    }
  }
  return operators[0] as Operator;
}

function before(match: string, a: Operator | undefined, b: Operator | undefined): boolean {
  const [i, j] = [match.indexOf(a ?? ''), match.indexOf(b ?? '')];
  return i >= 0 && (j < 0 || i < j);
}

/** The brace that closes the first one; -1 without one. The sign behind an opening brace is passed over, as there. */
function closingBrace(text: string): number {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '}' && --open === 0) return at;
    if (text[at] === '{') {
      open++;
      at++;
    }
  }
  return -1;
}
