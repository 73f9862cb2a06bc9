import type { Span } from '../document.ts';
import { isBreak, linePattern } from './line.ts';
import { type Cursor, isBlankZ } from './read.ts';
import type { Token } from './token.ts';

/** Anchors, tags and directives. */

function sticky(at: Cursor, pattern: RegExp): string {
  pattern.lastIndex = at.pos;
  const found = pattern.exec(at.text)?.[0] ?? '';
  if (found) at.jump(at.pos + found.length);
  return found;
}

export function scanAnchor(at: Cursor, type: 'alias' | 'anchor'): Token {
  const start = at.mark();
  at.skip();
  const value = sticky(at, /[0-9A-Za-z_-]+/y);
  const c = at.peek();
  if (!value || !(isBlankZ(c) || '?:,]}%@`'.includes(String.fromCharCode(c)))) throw at.error('anchor');
  return { type, start, end: at.pos, value };
}

const uri = /(?:[0-9A-Za-z_\-;/?:@&=+$,.!~*'()[\]]|%[0-9A-Fa-f]{2})+/y;

/** `!<uri>`, `!suffix`, `!!suffix` or `!handle!suffix`. */
export function scanTag(at: Cursor): Token {
  const start = at.mark();
  let handle = '';
  let value: string;
  if (at.peek(1) === 0x3c) {
    at.skip(2);
    value = sticky(at, uri);
    if (!value || at.peek() !== 0x3e) throw at.error('tag');
    at.skip();
  } else {
    [handle, value] = splitTag(at);
  }
  if (!isBlankZ(at.peek())) throw at.error('tag');
  return { type: 'tag', start, end: at.pos, value, handle };
}

function splitTag(at: Cursor): [string, string] {
  const head = sticky(at, /![0-9A-Za-z_-]*!?/y);
  if (head.length > 1 && head.endsWith('!')) {
    const suffix = sticky(at, uri);
    if (!suffix) throw at.error('tag');
    return [head, suffix];
  }
  const suffix = head.slice(1) + sticky(at, uri);
  return suffix ? ['!', suffix] : ['', '!'];
}

const directiveLine = linePattern('%[^%b]*', 'y');
const tagDirective =
  /^%TAG[ \t]+(!|!!|![0-9A-Za-z_-]+!)[ \t]+((?:[0-9A-Za-z_\-;/?:@&=+$,.!~*'()[\]]|%[0-9A-Fa-f]{2})+)(?=[ \t]|$)/;

/** `%YAML 1.1` and `%TAG`, the only directives that go-yaml takes. It passes over a comment behind one. */
export function scanDirective(at: Cursor): { token: Token; comment: Span | undefined } {
  const start = at.mark();
  const line = sticky(at, directiveLine);
  const version = /^%YAML[ \t]+0*1\.0*1(?=[ \t]|$)/.exec(line);
  const tag = tagDirective.exec(line);
  const found = version ?? tag;
  const rest = line.slice(found?.[0].length);
  if (!found || !/^[ \t]*(?:#|$)/.test(rest)) throw at.error('directive', start.index);
  const end = at.pos;
  const sign = rest.indexOf('#');
  const comment = sign === -1 ? undefined : { start: end - rest.length + sign, end };
  if (isBreak(at.peek())) at.skipBreak();
  const token: Token = version
    ? { type: 'version', start, end: at.pos, value: '' }
    : { type: 'tag-directive', start, end: at.pos, value: tag?.[2] ?? '', handle: tag?.[1] ?? '' };
  return { token, comment };
}
