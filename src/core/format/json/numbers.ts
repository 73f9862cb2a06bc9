import { createScanner } from 'jsonc-parser';
import { applyEdits, type Span, type TextEdit } from '../document.ts';

// SyntaxKind of jsonc-parser, as in jsontree.ts.
const number = 11;
const end = 17;

/** The numbers of a JSON text, by place. What is broken is left to whoever parses it. */
export function* jsonNumbers(text: string): Generator<Span> {
  const scanner = createScanner(text, true);
  scanner.setPosition(text.startsWith('\uFEFF') ? 1 : 0);
  for (let token: number = scanner.scan(); token !== end; token = scanner.scan()) {
    if (token !== number) continue;
    const start = scanner.getTokenOffset();
    yield { start, end: start + scanner.getTokenLength() };
  }
}

/** A JSON text with the numbers that `which` chooses in quotes. */
export function quoteJsonNumbers(text: string, which: (token: string) => boolean): string {
  const edits: TextEdit[] = [];
  for (const span of jsonNumbers(text)) {
    const token = text.slice(span.start, span.end);
    if (which(token)) edits.push({ ...span, text: `"${token}"` });
  }
  return applyEdits(text, edits);
}
