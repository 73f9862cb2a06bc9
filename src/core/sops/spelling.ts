import { getLocation } from 'jsonc-parser';
import { LockstepError } from '../errors.ts';
import { applyEdits, type FormatId, type Node, type SourceDocument, type Span } from '../format/document.ts';
import { jsonNumbers, quoteJsonNumbers } from '../format/jsonnumbers.ts';
import { parseJson } from '../format/jsontree.ts';
import { parseInt64 } from '../format/number.ts';
import { getFormat } from '../format/which.ts';
import type { RawNode } from '../format/yamlnode.ts';
import { parseRaw } from '../format/yamlparse.ts';
import { resolveScalar } from '../format/yamlscalar.ts';
import type { Path } from '../tree/path.ts';
import { losesDigits, type NumberChange, scalarChange } from './numberchange.ts';
import { collect } from './sealed.ts';
import type { Selector } from './selection.ts';

/** What SOPS files cannot hold of a value as it stands in a plain file. */
export type SpellingChange =
  | NumberChange
  /** A tag of its own is lost, or one for bytes. */
  | 'tag'
  /** It stands for another value, and becomes a copy of it. */
  | 'alias';

/** A value that is not as it stands once it was encrypted and decrypted. */
export interface Respelled {
  readonly path: Path;
  readonly change: SpellingChange;
  /** As a text in quotes it would be kept: `quoteNumbers` does that. */
  readonly quotable: boolean;
  /** The token, without tag and anchor. */
  readonly span: Span;
}

/**
 * The values of a plain file that decryption gives back spelled otherwise: numbers above all, which SOPS holds as numbers.
 * A file that `parse` refuses for such a number has them as well, one that it refuses for anything else none. Never throws.
 * @param selector leave out what stays in clear text, whose spelling is kept; without one all of the file is printed anew.
 */
export function respelled(text: string, format: FormatId, selector?: Selector): readonly Respelled[] {
  if (format !== 'yaml' && format !== 'json') return [];
  const found = attempt(() => (format === 'yaml' ? yamlSpelling(text) : jsonSpelling(text))) ?? [];
  const doc = selector && found.length > 0 ? attempt(() => getFormat(format).parse(text)) : undefined;
  if (!doc || !selector) return found;
  const places = sealedPlaces(doc, selector);
  return found.filter(({ place }) => places.has(place));
}

/** `respelled` after an edit: those that `before` has not as they are now. */
export function respelledSince(
  text: string,
  before: string,
  format: FormatId,
  selector?: Selector,
): readonly Respelled[] {
  const now = respelled(text, format, selector);
  if (now.length === 0) return now;
  const mark = ({ path, span }: Respelled, of: string) => `${JSON.stringify(path)} ${of.slice(span.start, span.end)}`;
  const old = new Set(respelled(before, format, selector).map((one) => mark(one, before)));
  return now.filter((one) => !old.has(mark(one, text)));
}

/** A plain file, or any JSON, in which each number that would change is a text, in quotes, as it stands. */
export function quoteNumbers(text: string, format: FormatId, selector?: Selector): string {
  const readable = format === 'json' ? quoteJsonNumbers(text, isEndless) : text;
  // JSON on its own need not be a map, which no file is.
  if (format === 'json' && !selector) return quoteJsonNumbers(readable, changesInJson);
  const edits = respelled(readable, format, selector)
    .filter(({ quotable }) => quotable)
    .map(({ span }) => ({ ...span, text: `"${readable.slice(span.start, span.end)}"` }));
  return applyEdits(readable, edits);
}

/** The key path of the value that stands at an offset of a plain file; undefined where there is none. Never throws. */
export function pathAtOffset(text: string, format: FormatId, offset: number): Path | undefined {
  if (format === 'json') return attempt(() => getLocation(text, offset + 1).path);
  if (format !== 'yaml') return undefined;
  return attempt(() => [...yamlValues(text)].find(({ node }) => node.start === offset)?.path);
}

/** An error about a value of a plain file, with its path. */
export function withPath(error: unknown, text: string, format: FormatId): unknown {
  if (!(error instanceof LockstepError) || error.code !== 'UNSUPPORTED_VALUE') return error;
  const { place } = error;
  const path = place.path ?? (place.offset === undefined ? undefined : pathAtOffset(text, format, place.offset));
  return path ? new LockstepError(error.code, { ...place, path }) : error;
}

interface Placed extends Respelled {
  /** Where the value starts, tag and anchor included: what tells it from others. */
  readonly place: number;
}

/** Where the values start that are encrypted, and the aliases that lead to some. */
function sealedPlaces(doc: SourceDocument, selector: Selector): Set<number> {
  const places = new Set<number>();
  for (const { selected, node, around } of collect(doc, selector).leaves) {
    if (!selected) continue;
    places.add(node.span.start);
    if (around.alias) places.add(around.alias.span.start);
  }
  return places;
}

function yamlSpelling(text: string): Placed[] {
  const found: Placed[] = [];
  for (const { node, path } of yamlValues(text)) {
    const change = yamlChange(node);
    if (!change) continue;
    const quotable = node.kind === 'scalar' && node.tag === '' && node.style === 'plain';
    found.push({ path, change, quotable, span: { start: node.contentStart, end: node.end }, place: node.start });
  }
  return found;
}

/** Tags that say what the type is anyway. */
const standardTag = /^(?:!|!!(?:str|int|float|bool|null|timestamp|merge)|)$/;

function yamlChange({ kind, value, style, tag }: RawNode): SpellingChange | undefined {
  if (kind === 'alias') return 'alias';
  if (!standardTag.test(tag)) return 'tag';
  return scalarChange(value, resolveScalar(value, style, tag));
}

interface RawValue {
  readonly node: RawNode;
  readonly path: Path;
}

/** Every value of a YAML text with its path, aliases not followed. Throws what parsing throws. */
function* yamlValues(text: string): Generator<RawValue> {
  for (const { root } of parseRaw(text).documents) yield* valuesBelow(root, []);
}

function* valuesBelow(node: RawNode, path: Path): Generator<RawValue> {
  if (node.kind === 'list') {
    for (const [i, item] of node.content.entries()) yield* valuesBelow(item, [...path, i]);
  } else if (node.kind === 'map') {
    for (let i = 0; i + 1 < node.content.length; i += 2) {
      const [key, value] = [node.content[i], node.content[i + 1]];
      if (key && value && !(path.length === 0 && key.value === 'sops')) yield* valuesBelow(value, [...path, key.value]);
    }
  } else yield { node, path };
}

function jsonSpelling(text: string): Placed[] {
  const endless = [...jsonNumbers(text)].filter(({ start, end }) => isEndless(text.slice(start, end)));
  // The file is refused for them; the others come when they are texts.
  if (endless.length > 0)
    return endless.slice(0, 100).map((span) => {
      const { path } = getLocation(text, span.start + 1);
      return { path, change: 'too-large', quotable: true, span, place: span.start };
    });
  const found: Placed[] = [];
  const visit = (node: Node, path: Path): void => {
    if (node.kind === 'map')
      for (const member of node.members) {
        if (member.kind === 'entry') visit(member.value, [...path, member.key]);
      }
    else if (node.kind === 'list')
      node.items.forEach((item, i) => {
        if (item.kind !== 'comment') visit(item, [...path, i]);
      });
    else if (node.kind === 'scalar' && (node.scalar.type === 'float' || node.scalar.type === 'int')) {
      if (changesInJson(text.slice(node.span.start, node.span.end)))
        found.push({ path, change: 'digits', quotable: true, span: node.span, place: node.span.start });
    }
  };
  visit(parseJson(text), []);
  return found;
}

/** Larger than any float: sops and we refuse it. */
const isEndless = (token: string) => !Number.isFinite(Number(token));

/** Readers of JSON look at the number: only one that is another number then has changed. */
function changesInJson(token: string): boolean {
  if (!/[.eE]/.test(token) && parseInt64(token) !== undefined) return false;
  const value = Number(token);
  return losesDigits(token, value);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
