import type { Format, SourceDocument } from '../document.ts';
import { eolOf, errorAt } from '../place.ts';
import { addEntry, removeEntry, removeItem, renameEntry } from './edit.ts';
import { writeMetadata } from './fields.ts';
import { addMetadata, removeMetadata } from './meta.ts';
import { parseRaw } from './parse.ts';
import { Marks } from './place.ts';
import { checkExpansion, splitMetadata, TreeBuilder } from './tree.ts';
import { itemToComment, writeAlias, writeComment, writeScalar } from './write.ts';

/** YAML as SOPS reads it, which is as go-yaml v3 reads it. */
export const yaml: Format = {
  id: 'yaml',
  parse,
  writeScalar,
  writeComment,
  itemToComment,
  writeAlias,
  addEntry,
  renameEntry,
  removeEntry,
  removeItem,
  addMetadata,
  removeMetadata,
  writeMetadata,
};

function parse(text: string): SourceDocument {
  const { documents, comments, anchored } = parseRaw(text);
  if (documents.length === 0) throw errorAt('EMPTY_FILE', text, 0);
  // Without an anchor there is nothing to expand.
  if (anchored) checkExpansion(documents);
  const builder = new TreeBuilder(text);
  const maps = documents.map((raw) => ({ start: raw.start, map: builder.document(raw) }));
  builder.placeLost(comments, maps);
  const split = maps.map(({ map }) => splitMetadata(text, map));
  const marks = new Marks(
    builder.signs,
    documents.map(({ start, end, marked }) => ({ start, end, marked })),
  );
  return {
    format: 'yaml',
    text,
    documents: split.map((one) => one.map),
    metadata: split.map((one) => one.block),
    eol: eolOf(text),
    marks,
  };
}
