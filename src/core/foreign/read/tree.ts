import { LockstepError } from '../../errors.ts';
import type { MapNode, Node, SourceDocument } from '../../format/document.ts';
import { nodeValue } from '../../format/nodevalue.ts';
import { entriesOf } from '../../format/place.ts';
import { getFormat } from '../../format/which.ts';
import { requirePlain } from '../../sops/buried.ts';
import { Lines } from '../../view/lines.ts';
import type { Entry } from '../found.ts';

/**
 * A YAML, JSON or INI file. Tags are not acted on, so an inline `!vault` is the text behind it. Throws what `parse` throws,
 * ALREADY_ENCRYPTED for a file of SOPS.
 */
export function parseTree(text: string, format: 'yaml' | 'json' | 'ini'): SourceDocument {
  const doc = getFormat(format).parse(text);
  if (doc.metadata.some((block) => block !== undefined)) throw new LockstepError('ALREADY_ENCRYPTED');
  requirePlain(doc);
  return doc;
}

/**
 * Every entry of all documents. The sections of an INI file are groups; one with nothing in it, which `DEFAULT` often is, is no entry.
 * @param written the text without the quotes that `quoteNumbers` put around numbers and dates
 */
export function readTree(doc: SourceDocument, written = doc.text): Entry[] {
  const lines = new Lines(doc.text);
  const quotes = quotesSince(written, doc.text);
  const all = doc.documents.flatMap((map) => entriesIn(map, [], lines, quotes));
  return doc.format === 'ini' ? all.filter(({ path }) => path.length > 1) : all;
}

/** Where a text has quotes that it did not have before: it differs in nothing else. */
function quotesSince(before: string, text: string): number[] {
  const found: number[] = [];
  for (let at = 0; before.length + found.length < text.length; at++)
    if (text[at] !== before[at - found.length]) found.push(at);
  return found;
}

/**
 * The entries of a map and of the maps in it.
 * @param path the names that lead to it. @param quotes where numbers became texts, in the order of the text
 */
export function entriesIn(
  map: MapNode,
  path: readonly string[],
  lines: Lines,
  quotes: readonly number[] = [],
): Entry[] {
  return entriesOf(map).flatMap(({ key, keySpan, value }): Entry[] => {
    const names = [...path, key];
    const target = targetOf(value);
    if (target.kind === 'map' && entriesOf(target).length > 0) return entriesIn(target, names, lines, quotes);
    const kind = holdsOneOf(target, quotes) ? 'number' : 'plain';
    return [{ path: names, value: nodeValue(target), kind, line: lines.lineAt(keySpan.start) + 1 }];
  });
}

function holdsOneOf({ span }: Node, places: readonly number[]): boolean {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] as number) < span.start) low = middle + 1;
    else high = middle;
  }
  return (places[low] ?? Number.POSITIVE_INFINITY) < span.end;
}

const targetOf = (node: Node) => (node.kind === 'alias' ? node.target : node);
