/** A part of a path that a pattern matches: letters, or any text; `deep` if it may have slashes in it. */
type Part = string | { readonly deep: boolean };
type Parts = readonly Part[];

const anything: Part = { deep: true };
/** Any letter; nobody means a slash by one dot. */
const dot: Part = { deep: true };
const one: Part = { deep: false };
/** Of one pattern. */
const most = 32;

/**
 * Patterns of a `.gitattributes` file for what a `path_regex` matches, from the folder of `.sops.yaml`: those files, and where they
 * cannot say it so exactly, more. Undefined for a pattern that says too little about names, or too much for them.
 */
export function globsOf(regex: string): readonly string[] | undefined {
  const all = new Reader(regex).read();
  if (!all || all.length > most) return undefined;
  const globs = all.flatMap(globsOfParts);
  if (globs.length > most || globs.some((glob) => !/[^*?/]/.test(glob))) return undefined;
  return [...new Set(globs)].sort();
}

/** The part of RE2's syntax that people write in paths. Anything else ends the reading. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Parts[] | undefined {
    try {
      const all = this.#alternatives();
      return this.#at < this.#text.length ? undefined : all.map(ends);
    } catch (error) {
      if (error instanceof Unreadable) return undefined;
      throw error;
    }
  }

  #alternatives(): Parts[] {
    const all = this.#sequence();
    while (this.#text[this.#at] === '|') {
      this.#at++;
      all.push(...this.#sequence());
    }
    return all;
  }

  #sequence(): Parts[] {
    let all: Parts[] = [[]];
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at] ?? '')) {
      const next = this.#repeated(this.#atom()).map((more) => more.map((part) => (part === dot ? one : part)));
      all = all.flatMap((parts) => next.map((more) => [...parts, ...more]));
      if (all.length > most) throw new Unreadable();
    }
    return all;
  }

  #repeated(atom: Parts[]): Parts[] {
    const sign = this.#text[this.#at] ?? '';
    if (sign === '{') throw new Unreadable();
    if (!'?*+'.includes(sign) || sign === '') return atom;
    this.#at++;
    if (this.#text[this.#at] === '?') this.#at++;
    if (atom.flat().some((part) => part === start || part === end)) throw new Unreadable();
    if (sign === '?') return [[], ...atom];
    const deep = atom.flat().some((part) => (typeof part === 'string' ? part.includes('/') : part.deep));
    return [[{ deep }]];
  }

  #atom(): Parts[] {
    const char = this.#text[this.#at++] ?? '';
    if (char === '^') return [[start]];
    if (char === '$') return [[end]];
    if (char === '.') return [[dot]];
    if (char === '[') return [[{ deep: this.#charClass() }]];
    if (char === '(') return this.#group();
    if (char === '\\') return [[this.#escape()]];
    if ('*+?{'.includes(char)) throw new Unreadable();
    return [[char]];
  }

  #group(): Parts[] {
    if (this.#text[this.#at] === '?') {
      if (this.#text[this.#at + 1] !== ':') throw new Unreadable();
      this.#at += 2;
    }
    const all = this.#alternatives();
    if (this.#text[this.#at++] !== ')') throw new Unreadable();
    return all;
  }

  #escape(): Part {
    const char = this.#text[this.#at++] ?? '';
    if ('dw'.includes(char) && char !== '') return one;
    if (!/^[^A-Za-z0-9]$/.test(char)) throw new Unreadable();
    return char;
  }

  /** Whether it has the slash in it, as far as one can tell. */
  #charClass(): boolean {
    const close = this.#text.indexOf(']', this.#at + 1);
    if (close < 0) throw new Unreadable();
    const inside = this.#text.slice(this.#at, close);
    if (/\[:|\\[^\w.\-/]/.test(inside)) throw new Unreadable();
    this.#at = close + 1;
    return inside.startsWith('^') ? !inside.includes('/') : inside.includes('/') || /[ -.]-[0-~]/.test(inside);
  }
}

class Unreadable extends Error {}

const start = '\u0002';
const end = '\u0003';

/** Without an anchor, anything may stand before and behind. */
function ends(parts: Parts): Parts {
  const [first, last] = [parts[0] === start, parts.at(-1) === end];
  const inner = parts.slice(first ? 1 : 0, last ? -1 : undefined);
  if (inner.includes(start) || inner.includes(end)) throw new Unreadable();
  return joined([...(first ? [] : [anything]), ...inner, ...(last ? [] : [anything])]);
}

/** Any text behind any text is one. */
function joined(parts: Parts): Parts {
  const out: Part[] = [];
  for (const part of parts) {
    const before = out.at(-1);
    if (typeof part === 'string' || before === undefined || typeof before === 'string') out.push(part);
    else out[out.length - 1] = { deep: before.deep || part.deep };
  }
  return out;
}

/** `*` stops at a slash, and `**` stands for whole folders only: what may have slashes in it becomes both. */
function globsOfParts(parts: Parts): string[] {
  let all = [''];
  for (const [i, part] of parts.entries()) {
    if (typeof part === 'string') all = all.map((glob) => glob + escaped(part));
    else if (!part.deep) all = all.map((glob) => `${glob.replace(/(?<!\\)\*$/, '')}*`);
    else all = all.flatMap((glob) => deep(glob, parts[i + 1] === '/' || i === parts.length - 1));
    if (all.length > most) return all;
  }
  return all.map((glob) => (/^\*\*\/[^/]+$/.test(glob) ? glob.slice(3) : anchored(glob)));
}

function deep(glob: string, atEnd: boolean): string[] {
  const before = glob.replace(/(?<![*\\])\*$/, '');
  if (before.endsWith('**')) return [glob];
  if (before === '' || before.endsWith('/')) return [atEnd ? `${before}**` : `${before}**/*`];
  return atEnd ? [`${before}*`, `${before}*/**`] : [`${before}*`, `${before}*/**/*`];
}

const escaped = (char: string) => (/[*?[\]\\!#]/.test(char) ? `\\${char}` : char);

/** A pattern without a slash would be one for the names in every folder. */
function anchored(glob: string): string {
  return glob.includes('/') ? glob : `/${glob}`;
}

/** A pattern for one file, by its path from the folder of the `.gitattributes` file. */
export function globOfFile(path: string): string {
  return `/${[...path].map(escaped).join('')}`;
}
