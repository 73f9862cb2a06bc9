import { type LineMask, maskLines, unescaped } from './lines.ts';

const indicators = /^(?:-[ \t]+)*/;
// A key has at most 1024 characters. Without an end, the stack of the matcher would overflow on a long line.
const quotedKey = /^(?:"(?:[^"\\]|\\.){0,1024}"|'(?:[^']|''){0,1024}')[ \t]*:(?=[ \t]|$)[ \t]*/;
const directive = /^(?:(?:---|\.\.\.)\s*|%(?:YAML|TAG) .*)$/;

interface State {
  /** A quote that is still open at the end of the line. */
  quote: string | undefined;
  /** Lines deeper than this go on with a value: a block scalar or a plain one over several lines. */
  deeperThan: number | undefined;
}

/** Masks of a YAML file that does not parse, line by line: all after the first `: `, and whole lines that go on. */
export function yamlLineMasks(text: string): LineMask[] {
  const state: State = { quote: undefined, deeperThan: undefined };
  return maskLines(text, (content) => {
    const from = valueStart(content, state);
    return from === undefined ? undefined : { from };
  });
}

/** Where the secret part of this line starts; undefined when it has none. Carries the state to the next line. */
function valueStart(content: string, state: State): number | undefined {
  const indent = content.length - content.trimStart().length;
  if (state.quote) {
    if (closes(content, state.quote)) state.quote = undefined;
    return indent;
  }
  const blank = indent === content.length;
  if (state.deeperThan !== undefined && (blank || indent > state.deeperThan)) return indent;
  if (blank || content[indent] === '#' || directive.test(content)) return undefined;
  const item = indicators.exec(content.slice(indent))?.[0].length ?? 0;
  const key = keyLength(content.slice(indent + item));
  const value = indent + item + key;
  const rest = content.slice(value);
  const holds = rest !== '' && !rest.startsWith('#');
  state.deeperThan = holds ? indent + (key > 0 ? item : 0) : undefined;
  state.quote = holds ? opens(rest) : undefined;
  return value;
}

/** Length of `key: ` at the start of a line's content; 0 when there is none, so the whole of it counts as a value. */
function keyLength(content: string): number {
  const quoted = quotedKey.exec(content);
  if (quoted) return quoted[0].length;
  if (/^["'{[]/.test(content)) return 0;
  const colon = content.search(/:(?=[ \t]|$)/);
  if (colon < 0) return /^-?$/.test(content) ? content.length : 0;
  const after = content.slice(colon + 1);
  return colon + 1 + after.length - after.trimStart().length;
}

function opens(value: string): string | undefined {
  const start = value.replace(/^(?:[&!][^\s]*[ \t]+)*/, '');
  const quote = start[0];
  if (quote !== '"' && quote !== "'") return undefined;
  return closes(start.slice(1), quote) ? undefined : quote;
}

function closes(content: string, quote: string): boolean {
  return (quote === '"' ? unescaped(content) : content.replaceAll("''", '')).includes(quote);
}
