import { LockstepError } from '../errors.ts';
import { type Environment, lookUp, maxResult, maxTemplate } from './environment.ts';

/** A `.env` as python-dotenv 1.2 reads it (parser.py, variables.py, and `resolve_variables` of main.py with `override`). */

/** White space of Python's `\s` in texts, which is not quite that of JavaScript. */
const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const anySpace = new RegExp(`[${space}]*`, 'y');
const lineSpace = new RegExp(`(?:(?![\\r\\n])[${space}])*`, 'y');
const exported = new RegExp(`(?:export(?:(?![\\r\\n])[${space}])+)?`, 'y');
const quotedName = /'([^']+)'/y;
const bareName = new RegExp(`([^=#${space}]+)`, 'y');
const single = /'((?:\\[\s\S]|[^'\\])*)'/y;
const double = /"((?:\\[\s\S]|[^"\\])*)"/y;
const bare = /([^\r\n]*)/y;
const comment = new RegExp(`(?:(?:(?![\\r\\n])[${space}])*#[^\\r\\n]*)?`, 'y');
const lineEnd = new RegExp(`(?:(?![\\r\\n])[${space}])*(?:\\r\\n|\\n|\\r|$)`, 'y');
const restOfLine = /[^\r\n]*(?:\r|\n|\r\n)?/y;
const isSpace = new RegExp(`[${space}]`);

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Names and values, `${X}` put in from the file and then from `environment`. Throws TOO_LARGE. */
export function readPython(text: string, environment: Environment): Map<string, string> {
  const found = new Map<string, string | undefined>();
  // Python opens a file with line ends made alike.
  for (const [name, value] of new Reader(text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')).bindings())
    found.set(name, value === undefined ? undefined : resolved(name, value, found, environment));
  return new Map([...found].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** A name without a sign has no value. A line that cannot be read is passed over. */
  *bindings(): Generator<readonly [name: string, value: string | undefined]> {
    while (this.#at < this.#text.length) {
      const found = this.#binding();
      if (found === 'error') this.#read(restOfLine);
      else if (found) yield found;
    }
  }

  #binding(): readonly [string, string | undefined] | undefined | 'error' {
    this.#read(anySpace);
    if (this.#at >= this.#text.length) return undefined;
    this.#read(exported);
    const named = this.#peek() === '#' ? null : this.#read(this.#peek() === "'" ? quotedName : bareName);
    if (named === undefined) return 'error';
    this.#read(lineSpace);
    let value: string | undefined;
    if (this.#peek() === '=') {
      value = this.#value();
      if (value === undefined) return 'error';
    }
    this.#read(comment);
    if (this.#read(lineEnd) === undefined) return 'error';
    return named === null ? undefined : [named, value];
  }

  #value(): string | undefined {
    this.#at++;
    const from = this.#at;
    this.#read(lineSpace);
    const sign = this.#peek();
    if (sign === '#' && this.#at > from) return '';
    if (sign === "'") return this.#read(single)?.replace(/\\([\\'])/g, '$1');
    if (sign === '"') return this.#read(double)?.replace(/\\([\\'"abfnrtv])/g, (_, one: string) => escapes[one] ?? one);
    return sign === '' || sign === '\n' ? '' : withoutComment(this.#read(bare) ?? '');
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  /** What the pattern takes here, its group where it has one; undefined, and nothing taken, where it does not fit. */
  #read(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) return undefined;
    this.#at += found[0].length;
    return found[1] ?? found[0];
  }
}

/** `re.sub(r"\s+#.*", "", part).rstrip()` without its square of time. */
function withoutComment(part: string): string {
  let end = part.length;
  for (let at = part.indexOf('#'); at !== -1; at = part.indexOf('#', at + 1)) {
    if (at === 0 || !isSpace.test(part.charAt(at - 1))) continue;
    end = at;
    break;
  }
  while (end > 0 && isSpace.test(part.charAt(end - 1))) end--;
  return part.slice(0, end);
}

/** `environment` counts less than what the file has said so far. */
function resolved(
  name: string,
  value: string,
  found: ReadonlyMap<string, string | undefined>,
  environment: Environment,
): string {
  if (!value.includes('${')) return value;
  if (value.length > maxTemplate) throw new LockstepError('TOO_LARGE', { path: [name], what: 'variable' });
  const text = value.replace(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_, one: string, otherwise: string | undefined) => {
    if (found.has(one)) return found.get(one) ?? '';
    return lookUp(environment, one) ?? otherwise ?? '';
  });
  if (text.length > maxResult) throw new LockstepError('TOO_LARGE', { path: [name], what: 'variable' });
  return text;
}
