import type { Entry, MapNode, Node, ScalarNode, SourceDocument, Span } from '../format/document.ts';
import { metadataSection, readIni } from '../format/ini/read.ts';
import { commentsOf, entriesOf, itemsOf, partsOf } from '../format/place.ts';
import type { Path } from '../tree/path.ts';
import { foldedName, isPlainField } from './metadata.ts';
import type { Sealed } from './sealed.ts';

/** A value among the metadata, under a name that neither Lockstep nor SOPS knows: both pass over it, and no MAC covers it. */
export interface Stray {
  readonly document: number;
  /** As the file spells it. */
  readonly path: Path;
  readonly node: ScalarNode;
  /** It begins at the name, if there is one. */
  readonly span: Span;
}

/** The values of an encrypted file that are among its metadata and are none of it, in file order. */
export function straysIn({ doc }: Pick<Sealed, 'doc'>): Stray[] {
  const found: Stray[] = [];
  doc.metadata.forEach((block, document) => {
    if (!block) return;
    const visit = (node: Node, path: Path, span: Span): void => {
      if (node.kind === 'scalar') found.push({ document, path, node, span });
      else if (node.kind === 'list')
        for (const [i, item] of itemsOf(node).entries()) visit(item, [...path, i], item.span);
      else if (node.kind === 'map') for (const one of unknown(node, isKeyPart)) into(one, path);
    };
    const into = (entry: Entry, path: Path) => {
      const span = { start: entry.keySpan.start, end: entry.span.end };
      visit(entry.value, pathOf(doc, path, entry), span);
    };
    for (const one of unknown(block.root, isPlainField)) into(one, ['sops']);
  });
  return found;
}

/** In dotenv the name of a line is all of it. */
const pathOf = ({ format, text }: SourceDocument, path: Path, { key, keySpan }: Entry): Path =>
  format === 'dotenv' ? [text.slice(keySpan.start, keySpan.end)] : [...path, key];

/** Beside the exact name, one in other letters counts for nothing. */
function unknown(map: MapNode, isKnown: (name: string) => boolean): Entry[] {
  const entries = entriesOf(map);
  const names = new Set(entries.map(({ key }) => key));
  return entries.filter(({ key }) => {
    const folded = foldedName(key);
    return !isKnown(folded) || (key !== folded && names.has(folded));
  });
}

/** What the master keys of a file are made of, of whatever kind (SOPS stores/stores.go). A context is what its owner wrote. */
const keyParts: readonly string[] = [
  ...['recipient', 'fp', 'arn', 'role', 'context', 'aws_profile', 'resource_id', 'vault_url', 'name', 'version'],
  ...['vault_address', 'engine_path', 'key_name', 'key_id', 'created_at', 'enc'],
];
const isKeyPart = (name: string) => keyParts.includes(name);

/** The stretches of comments that are in the metadata. */
export function commentsAmong({ doc }: Pick<Sealed, 'doc'>): Span[] {
  const inside = commentsOf({ documents: doc.metadata.flatMap((block) => block?.root ?? []) });
  return [...inside.flatMap(partsOf), ...(doc.format === 'ini' ? iniComments(doc.text) : [])];
}

/** The stretches of comments that are in the metadata, or behind its beginning. */
export function commentsBehind({ doc }: Pick<Sealed, 'doc'>): Span[] {
  const start = doc.metadata.find((block) => block)?.span.start ?? doc.text.length;
  const outside = commentsOf(doc).filter(({ span }) => span.start > start);
  return [...commentsAmong({ doc }), ...outside.flatMap(partsOf)];
}

/** The tree of the metadata of an INI file is without its comments. */
function iniComments(text: string): readonly Span[] {
  return readIni(text)
    .filter(({ name }) => name === metadataSection)
    .flatMap(({ comment, keys, trailing }) => [...comment, ...keys.flatMap((key) => key.comment), ...trailing]);
}
