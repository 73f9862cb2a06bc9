import { type Cursor, isBlank, isBlankZ, isBreak, isBreakZ } from './yamlread.ts';
import type { Token } from './yamltoken.ts';

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

/** `%YAML 1.1` and `%TAG`, the only directives that go-yaml takes. */
export function scanDirective(at: Cursor): Token {
  const start = at.mark();
  const line = sticky(at, /%[^\r\n\x85\u2028\u2029]*/y);
  const version = /^%YAML[ \t]+0*1\.0*1(?=[ \t]|$)/.exec(line);
  const tag = /^%TAG[ \t]+(!|!!|![0-9A-Za-z_-]+!)[ \t]+([^ \t]+)/.exec(line);
  const found = version ?? tag;
  if (!found || !/^[ \t]*(#.*)?$/.test(line.slice(found[0].length))) throw at.error('directive', start.index);
  if (isBreak(at.peek())) at.skipBreak();
  else if (!isBreakZ(at.peek()) || isBlank(at.peek())) throw at.error('directive', start.index);
  if (version) return { type: 'version', start, end: at.pos, value: '' };
  return { type: 'tag-directive', start, end: at.pos, value: tag?.[2] ?? '', handle: tag?.[1] ?? '' };
}
