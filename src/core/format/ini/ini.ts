import { type Scalar, text as textScalar } from '../../tree/value.ts';
import type {
  CommentNode,
  CommentPart,
  Entry,
  Format,
  MapNode,
  MetadataBlock,
  ScalarNode,
  SourceDocument,
} from '../document.ts';
import { textOrBytes } from '../encoding.ts';
import { unflatten, withoutLists } from '../flatten.ts';
import { eolOf, errorAt } from '../place.ts';
import {
  addEntry,
  addMetadata,
  removeEntry,
  removeMetadata,
  renameEntry,
  writeComment,
  writeMetadata,
  writeScalar,
} from './edit.ts';
import { type IniKey, type IniSection, metadataSection, readIni } from './read.ts';
import { commentOf } from './text.ts';

/**
 * INI, as SOPS stores/ini/store.go reads it: a map of sections, each a map of texts. What stands before the first header is
 * the section `DEFAULT`, which is there even when it is empty. A comment before a header comes first in its section; one
 * before a key comes behind that key, and belongs to it.
 *
 * Differences: a key that stands twice in a section is refused, where sops keeps the last one; so is text that go-ini passes
 * over behind a header or a closing quote, except a comment. A comment that ends the file is kept.
 */
export const ini: Format = {
  ...withoutLists('ini'),
  id: 'ini',
  parse,
  writeScalar,
  writeComment,
  addEntry,
  renameEntry,
  removeEntry,
  addMetadata,
  removeMetadata,
  writeMetadata,
};

function parse(text: string): SourceDocument {
  const sections = readIni(text);
  const [metadata, second] = sections.filter((section) => section.name === metadataSection);
  if (second) throw errorAt('DUPLICATE_KEY', text, second.header.start, 'sops');
  const members = sections.filter((section) => section !== metadata).map((section) => sectionEntry(text, section));
  const root: MapNode = { kind: 'map', span: { start: 0, end: text.length }, members, flow: false };
  const block = metadata && metadataOf(text, metadata);
  return { format: 'ini', text, documents: [root], metadata: [block], eol: eolOf(text) };
}

function sectionEntry(text: string, section: IniSection): Entry {
  const members: (Entry | CommentNode)[] = commentsOf(text, section.comment);
  for (const key of section.keys) members.push(keyEntry(key), ...commentsOf(text, key.comment));
  members.push(...commentsOf(text, section.trailing));
  const { start } = section.header;
  const span = { start, end: section.keys.at(-1)?.valueSpan.end ?? section.header.end };
  const value: MapNode = { kind: 'map', span, members, flow: false };
  return { kind: 'entry', key: section.name, keySpan: section.nameSpan, span, value };
}

function keyEntry({ name, keySpan, value, valueSpan }: IniKey): Entry {
  const scalar: Scalar = { type: 'str', value: textOrBytes(value) };
  const node: ScalarNode = { kind: 'scalar', span: valueSpan, scalar, style: 'plain', flow: false };
  return { kind: 'entry', key: name, keySpan, span: { start: keySpan.start, end: valueSpan.end }, value: node };
}

/** One comment, or none. */
function commentsOf(text: string, parts: readonly CommentPart[]): CommentNode[] {
  const first = parts[0];
  if (!first) return [];
  const written = parts.map(({ start, end }) => text.slice(start, end)).join('\n');
  const { start, end, inline } = first;
  return [{ kind: 'comment', span: { start, end }, text: commentOf(written), inline, parts }];
}

/** Line breaks are written `\n` in the metadata; versions 3.13.0 and 3.13.1 wrote them as they are. */
function metadataOf(text: string, section: IniSection): MetadataBlock {
  const entries = section.keys.map((key): Entry => {
    const entry = keyEntry(key);
    const scalar = textScalar(key.value.replaceAll('\\n', '\n'));
    return { ...entry, value: { ...(entry.value as ScalarNode), scalar } };
  });
  const block = unflatten(text, entries, '');
  if (!block) throw errorAt('BAD_METADATA', text, section.header.start);
  const span = { start: section.header.start, end: block.span.end };
  return { span, root: { ...block.root, span } };
}
