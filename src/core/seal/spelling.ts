import { getLocation } from 'jsonc-parser';
import { LockstepError } from '../errors.ts';
import { applyEdits, type FormatId, type Node, type SourceDocument, type Span } from '../format/document.ts';
import { jsonNumbers, quoteJsonNumbers } from '../format/json/numbers.ts';
import { parseJson } from '../format/json/tree.ts';
import { parseInt64 } from '../format/number.ts';
import { getFormat } from '../format/which.ts';
import type { RawNode } from '../format/yaml/node.ts';
import { parseRaw } from '../format/yaml/parse.ts';
import { resolveScalar } from '../format/yaml/scalar.ts';
import { collect } from '../sops/sealed.ts';
import type { Selector } from '../sops/selection.ts';
import type { Path } from '../tree/path.ts';
import { losesDigits, type NumberChange, scalarChange } from './numberchange.ts';

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
  if (!mayChange(text, format)) return [];
  const found = attempt(() => (format === 'yaml' ? yamlSpelling(text) : jsonSpelling(text))) ?? [];
  const doc = selector && found.length > 0 ? attempt(() => getFormat(format).parse(text)) : undefined;
  if (!doc || !selector) return found;
  const places = sealedPlaces(doc, selector);
  return found.filter(({ place }) => places.has(place));
}

/** Whether a look is worth its time: false only where nothing can change. Most files have no such number anywhere. */
function mayChange(text: string, format: FormatId): boolean {
  if (format === 'json') return /[\d.]{16}|\d[eE]/.test(text);
  if (format !== 'yaml') return false;
  if (/[!*]/.test(text)) return true;
  for (const [token] of text.matchAll(/(?<![\w.+-])[+-]?\.?\d[\w.+:-]*/g))
    if (scalarChange(token, resolveScalar(token, 'plain', '')) !== undefined) return true;
  return false;
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
  return attempt(() => {
    let found: Path | undefined;
    eachYamlValue(text, (node, way) => {
      if (node.start === offset) found = pathOf(way);
    });
    return found;
  });
}

/** An error about a value of a plain file, with its path. */
export function withPath(error: unknown, text: string, format: FormatId): unknown {
  if (!(error instanceof LockstepError) || error.code !== 'UNSUPPORTED_VALUE') return error;
  const { place } = error;
  const path = place.path ?? (place.offset === undefined ? undefined : pathAtOffset(text, format, place.offset));
  return path ? error.at({ path }) : error;
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
  eachYamlValue(text, (node, way) => {
    const change = yamlChange(node);
    if (!change) return;
    const quotable = node.kind === 'scalar' && node.tag === '' && node.style === 'plain';
    found.push(new Found(way, change, quotable, { start: node.contentStart, end: node.end }, node.start));
  });
  return found;
}

/** A way from the root, from its end: a whole path for each of many deep values would take more memory than there is. */
type Way = { readonly up: Way; readonly part: string | number } | undefined;

class Found implements Placed {
  readonly #way: Way;
  readonly change: SpellingChange;
  readonly quotable: boolean;
  readonly span: Span;
  readonly place: number;

  constructor(way: Way, change: SpellingChange, quotable: boolean, span: Span, place = span.start) {
    this.#way = way;
    this.change = change;
    this.quotable = quotable;
    this.span = span;
    this.place = place;
  }

  get path(): Path {
    return pathOf(this.#way);
  }
}

function pathOf(way: Way): Path {
  const parts: (string | number)[] = [];
  for (let at = way; at; at = at.up) parts.push(at.part);
  return parts.reverse();
}

/** Tags that say what the type is anyway. */
const standardTag = /^(?:!|!!(?:str|int|float|bool|null|timestamp|merge)|)$/;

function yamlChange({ kind, value, style, tag }: RawNode): SpellingChange | undefined {
  if (kind === 'alias') return 'alias';
  if (!standardTag.test(tag)) return 'tag';
  return scalarChange(value, resolveScalar(value, style, tag));
}

/** Visits every value of a YAML text, aliases not followed, but for those of the metadata. Throws what parsing throws. */
function eachYamlValue(text: string, visit: (node: RawNode, way: Way) => void): void {
  const below = (node: RawNode, way: Way): void => {
    if (node.kind === 'list') for (const [part, item] of node.content.entries()) below(item, { up: way, part });
    else if (node.kind !== 'map') visit(node, way);
    else
      for (let i = 0; i + 1 < node.content.length; i += 2) {
        const [key, value] = [node.content[i], node.content[i + 1]];
        if (key && value && !(way === undefined && key.value === 'sops')) below(value, { up: way, part: key.value });
      }
  };
  for (const { root } of parseRaw(text).documents) below(root, undefined);
}

function jsonSpelling(text: string): Placed[] {
  const endless = [...jsonNumbers(text)].filter(({ start, end }) => isEndless(text.slice(start, end)));
  // The file is refused for them; the others come when they are texts.
  if (endless.length > 0) return endless.slice(0, mostEndless).map((span) => endlessAt(text, span));
  const found: Placed[] = [];
  const visit = (node: Node, way: Way): void => {
    if (node.kind === 'map')
      for (const member of node.members) {
        if (member.kind === 'entry') visit(member.value, { up: way, part: member.key });
      }
    else if (node.kind === 'list')
      node.items.forEach((item, part) => {
        if (item.kind !== 'comment') visit(item, { up: way, part });
      });
    else if (node.kind === 'scalar' && (node.scalar.type === 'float' || node.scalar.type === 'int')) {
      const { start, end } = node.span;
      if (changesInJson(text.slice(start, end))) found.push(new Found(way, 'digits', true, { start, end }));
    }
  };
  visit(parseJson(text), undefined);
  return found;
}

/** Paths are looked for one by one. */
const mostEndless = 20;

function endlessAt(text: string, span: Span): Placed {
  const way = getLocation(text, span.start + 1).path.reduce<Way>((up, part) => ({ up, part }), undefined);
  return new Found(way, 'too-large', true, span);
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
