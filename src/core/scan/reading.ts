import type { TextEdit } from '../format/document.ts';
import { type Literal, literalAround, settingAround } from './literal.ts';

/** How a file reads a secret from its environment, in place of a text that was written down. */
export interface Reading {
  /** The value that goes. */
  readonly value: string;
  /** Whether the reading takes a name. */
  readonly takes: RegExp;
  /** What takes the value's place, with all that this needs. */
  edits(variable: string): readonly TextEdit[];
}

/** Why a text cannot be replaced: nobody knows how this file reads one, where the text begins and ends, or it must be known when the program is built. */
export type NoReading = 'language' | 'literal' | 'constant';

interface Language {
  /** Of the files, by path. */
  readonly path: RegExp;
  /** Of their text, where names say too little. */
  readonly texts?: readonly RegExp[];
  /** With `NAME` for the variable. */
  readonly reads: string;
  /** Quotes within which a backslash is a backslash. */
  readonly raw?: string;
  /** The same as an attribute of an element; undefined where it cannot be one. */
  readonly attribute?: string | undefined;
  /** The text stands as in a file of settings. */
  readonly setting?: true;
  readonly takes?: RegExp;
  /** What the line must become as well; undefined where it cannot be. */
  readonly line?: (line: string) => string | undefined;
  /** What the file needs at its beginning. */
  readonly needs?: (text: string) => TextEdit | undefined;
}

/** An element that is not done, up to the sign behind the name of an attribute. */
const attribute = /<[A-Za-z][\w.:-]*\s(?:[^<>;]|=>)*[\w-]=$/;
const mostTag = 2000;

const anyVariable = /^[A-Za-z_][A-Za-z0-9_]*$/;
const inserted = (at: number, text: string): TextEdit => ({ start: at, end: at, text });

const languages: readonly Language[] = [
  {
    path: /(?:^|\/)\.github\/(?:workflows|actions)\/.*\.ya?ml$/,
    reads: '$' + '{{ secrets.NAME }}',
    setting: true,
    takes: /^(?!GITHUB_)[A-Za-z_][A-Za-z0-9_]*$/i,
  },
  { path: /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/, reads: '$' + '{NAME}', setting: true },
  {
    path: /\.ya?ml$/,
    texts: [/^namespace:/m, /^tasks:/m],
    reads: `"{{ secret('NAME') }}"`,
    setting: true,
  },
  { path: /(?:^|\/)config\/(?:packages|services|routes)[\s\S]*\.ya?ml$/, reads: "'%env(NAME)%'", setting: true },
  { path: /(?:^|\/)(?:application|bootstrap)[^/]*\.(?:ya?ml|properties)$/, reads: '$' + '{NAME}', setting: true },
  { path: /\.(?:[cm]?[jt]sx?|svelte)$/, reads: 'process.env.NAME', attribute: '{process.env.NAME}' },
  { path: /\.vue$/, reads: 'process.env.NAME', attribute: undefined },
  { path: /\.py$/, reads: 'os.environ["NAME"]', needs: pythonImport },
  { path: /\.go$/, reads: 'os.Getenv("NAME")', raw: '`', line: goVariable, needs: goImport },
  { path: /\.(?:rb|rake|ru)$|(?:^|\/)(?:Rakefile|Gemfile)$/, reads: 'ENV.fetch("NAME")', raw: "'" },
  { path: /\.(?:java|groovy|scala)$/, reads: 'System.getenv("NAME")', line: unlessAnnotation },
  {
    path: /\.kts?$/,
    reads: 'System.getenv("NAME")',
    line: (line) => unlessAnnotation(line)?.replace(/\bconst\s+val\b/, 'val'),
  },
  { path: /\.rs$/, reads: '&std::env::var("NAME").expect("NAME is not set")', line: rustVariable },
  {
    path: /\.php$/,
    reads: "getenv('NAME')",
    raw: "'",
    line: (line) => (/\b(?:const|static|public|private|protected)\b|#\[[^\]]*$/.test(line) ? undefined : line),
  },
  {
    path: /\.cs$/,
    reads: 'System.Environment.GetEnvironmentVariable("NAME")',
    // As in Java, what an attribute is given has to be known.
    line: (line) =>
      /^\s*\[[^\]]*\([^)]*$|\bcase\s+$/.test(line)
        ? undefined
        : line.replace(/\bconst(?=\s+string\b)/, 'static readonly'),
  },
  { path: /\.(?:sh|bash|zsh|ksh)$/, reads: '"$' + '{NAME}"', raw: "'" },
  { path: /\.(?:pl|pm)$/, reads: '$ENV{NAME}', raw: "'" },
  { path: /\.exs?$/, reads: 'System.fetch_env!("NAME")' },
];

/** Where other imports are; behind the text that says what the module is for. */
function pythonImport(text: string): TextEdit | undefined {
  if (/^import os\b(?! as)|^import [\w, ]*\bos\b(?! as)/m.test(text)) return undefined;
  const head =
    /^(?:#[^\n]*\n|[ \t]*\n)*(?:[rR]?("""|''')[\s\S]*?\1[^\n]*\n)?(?:[ \t]*\n)*(?:from __future__ [^\n]*\n)*/.exec(
      text,
    )?.[0] ?? '';
  return inserted(head.length, 'import os\n');
}

function goImport(text: string): TextEdit | undefined {
  if (/^\s*(?:import\s+)?"os"\s*$/m.test(text)) return undefined;
  const group = /^import\s*\(\s*?\n/m.exec(text);
  if (group) return inserted(group.index + group[0].length, '\t"os"\n');
  const start = /^package\s+\w+[^\n]*\n/m.exec(text);
  return start ? inserted(start.index + start[0].length, '\nimport "os"\n') : undefined;
}

/** A constant has to be known when the program is built. In a group of constants there is no other word to use. */
function goVariable(line: string): string | undefined {
  const next = line.replace(/^(\s*)const(?=\s+\w+(?:\s+string)?\s*=)/, '$1var');
  return next === line &&
    /^\s*[A-Za-z_]\w*(?:\s+string)?\s*=[^=]/.test(line) &&
    /^\t/.test(line) &&
    /^\s*[A-Z_]/.test(line)
    ? undefined
    : next;
}

/** What an annotation is given has to be known when the program is built. */
function unlessAnnotation(line: string): string | undefined {
  return /@\w[\w.]*\s*\([^)]*$/.test(line) || /\bcase\s+$/.test(line) ? undefined : line;
}

function rustVariable(line: string): string | undefined {
  return /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:const|static)\b|#!?\[[^\]]*$/.test(line) ? undefined : line;
}

/** A way of one's own, by the end of a path (`.swift`) or a name of a file: text with `{name}` in it. */
type OwnReadings = Readonly<Record<string, unknown>>;

function languageOf(path: string, text: string, own: OwnReadings): Language | undefined {
  for (const [ending, reads] of Object.entries(own))
    if (typeof reads === 'string' && reads.includes('{name}') && path.endsWith(ending))
      return {
        path: /./,
        reads: reads.replaceAll('{name}', 'NAME'),
        ...(/\.(?:ya?ml|properties|ini|toml|conf)$/.test(path) && { setting: true }),
      };
  return languages.find((one) => one.path.test(path) && (one.texts ?? []).every((each) => each.test(text)));
}

/**
 * How a file can read the secret that stands at a place in it, or why it cannot.
 * @param own ways of one's own, which come before those that are known
 */
export function readingOf(
  path: string,
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  own: OwnReadings = {},
): Reading | NoReading {
  let language = languageOf(path, text, own);
  if (!language) return 'language';
  const literal = language.setting
    ? settingAround(text, start, end)
    : literalAround(text, start, end, language.raw ?? '');
  if (!literal) return 'literal';
  if ('attribute' in language && attribute.test(text.slice(Math.max(0, literal.start - mostTag), literal.start))) {
    if (language.attribute === undefined) return 'language';
    language = { ...language, reads: language.attribute };
  }
  const begin = text.lastIndexOf('\n', literal.start - 1) + 1;
  const before = text.slice(begin, literal.start);
  const line = language.line ? language.line(before) : before;
  if (line === undefined) return 'constant';
  return {
    value: literal.value,
    takes: language.takes ?? anyVariable,
    edits: (variable) => {
      const place = { start: begin, end: literal.end, text: `${line}${written(language, literal, text, variable)}` };
      const needed = language.needs?.(text);
      return needed ? [needed, place] : [place];
    },
  };
}

function written({ reads }: Language, { end }: Literal, text: string, variable: string): string {
  // Of a text that a method is called on, the text itself and not what points to it.
  const value = reads.startsWith('&') && text[end] === '.' ? reads.slice(1) : reads;
  return value.replaceAll('NAME', () => variable);
}

/** What a secret is called at first, as the file that it goes into spells names. @param called what it is called where it stands */
export function proposedName(
  called: string | undefined,
  rule: string,
  others: readonly string[],
  isEnvironment: boolean,
): string {
  const bare = (called ?? rule).split('.').at(-1) ?? rule;
  const words = bare
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/^(?=\d)/, 'KEY_')
    .toLowerCase();
  const shouted = others.filter((one) => /[A-Z]/.test(one) && one === one.toUpperCase()).length;
  const name =
    isEnvironment || shouted * 2 > others.length
      ? words.toUpperCase()
      : others.some((one) => /^[a-z\d]+-[a-z\d-]+$/.test(one))
        ? words.replaceAll('_', '-')
        : words;
  let free = name;
  for (let n = 2; others.includes(free); n++) free = `${name}${name.includes('-') ? '-' : '_'}${n}`;
  return free;
}
