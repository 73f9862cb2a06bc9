import type { ScalarNode, SourceDocument, Span, TextEdit } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import { lineStart, nextLine, whiteBefore } from '../format/yaml/line.ts';
import { text as str } from '../tree/value.ts';

/** Recipients in one text with commas between: on one line, or folded over several. */

const plainOf = ({ scalar }: ScalarNode) => (scalar.type === 'str' ? String(scalar.value) : '');

/** The text with one more part, as the last one; lines of a block scalar get one more line. */
export function withPart(doc: SourceDocument, node: ScalarNode, part: string): TextEdit[] {
  const content = contentOf(doc, node);
  const value = plainOf(node).trim().replace(/,$/, '');
  const source = doc.text.slice(content.start, content.end);
  // Within brackets a comma would end it, and a word may need quotes.
  if (value === '' || source === '' || (node.style === 'plain' && node.flow))
    return getFormat('yaml').writeScalar(doc, node, str(value === '' ? part : `${value}, ${part}`));
  const comma = source.endsWith(',') ? '' : ',';
  const line = lineStart(doc.text, content.end);
  const gap = isBlock(node)
    ? doc.eol + (/^ */.exec(doc.text.slice(line, content.end))?.[0] ?? '')
    : /,[^\S\r\n]/.test(source) || comma === ''
      ? ' '
      : '';
  return [{ start: content.end, end: content.end, text: comma + gap + part }];
}

/** The text without a part; undefined when it has no such part. */
export function withoutPart(doc: SourceDocument, node: ScalarNode, part: string): TextEdit[] | undefined {
  const parts = plainOf(node)
    .split(',')
    .map((one) => one.trim());
  if (!parts.includes(part)) return undefined;
  const spans = partsIn(doc.text, contentOf(doc, node));
  const at = spans.findIndex(({ start, end }) => doc.text.slice(start, end) === part);
  const [before, own, after] = [spans[at - 1], spans[at], spans[at + 1]];
  if (own && after) return [{ start: own.start, end: after.start, text: '' }];
  if (own && before) return [{ start: before.end, end: own.end, text: '' }];
  // Written with escapes, or alone.
  return getFormat('yaml').writeScalar(doc, node, str(parts.filter((one) => one !== part).join(', ')));
}

const isBlock = ({ style }: ScalarNode) => style === 'literal' || style === 'folded';

/** The text between quotes or below a block's header, without white space at its end; anchors and tags are no part of it. */
function contentOf({ text }: SourceDocument, node: ScalarNode): Span {
  const properties = /^(?:[!&]\S*\s+)*/.exec(text.slice(node.span.start, node.span.end))?.[0].length ?? 0;
  const quotes = node.style === 'single' || node.style === 'double' ? 1 : 0;
  const head = node.span.start + properties;
  const start = isBlock(node) ? Math.min(nextLine(text, head), node.span.end) : head + quotes;
  return { start, end: Math.max(start, whiteBefore(text, node.span.end - quotes)) };
}

/** The stretches between commas, without the white space around them. */
function partsIn(text: string, { start, end }: Span): Span[] {
  const found: Span[] = [];
  let at = start;
  for (const piece of text.slice(start, end).split(',')) {
    const lead = piece.length - piece.trimStart().length;
    found.push({ start: at + lead, end: at + Math.max(lead, piece.trimEnd().length) });
    at += piece.length + 1;
  }
  return found;
}
