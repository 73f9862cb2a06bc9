import type { Format, SourceDocument } from './document.ts';
import { eolOf, errorAt } from './place.ts';
import { parseRaw } from './yamlparse.ts';
import { checkExpansion, splitMetadata, TreeBuilder } from './yamltree.ts';

/** YAML as SOPS reads it, which is as go-yaml v3 reads it. */
export const yaml: Format = {
  id: 'yaml',
  parse,
} as unknown as Format;

function parse(text: string): SourceDocument {
  const { documents, comments } = parseRaw(text);
  if (documents.length === 0) throw errorAt('EMPTY_FILE', text, 0);
  checkExpansion(documents);
  const builder = new TreeBuilder(text);
  const maps = documents.map((raw) => ({ start: raw.start, map: builder.document(raw) }));
  builder.placeLost(comments, maps);
  const split = maps.map(({ map }) => splitMetadata(text, map));
  return {
    format: 'yaml',
    text,
    documents: split.map((one) => one.map),
    metadata: split.map((one) => one.block),
    eol: eolOf(text),
  };
}
