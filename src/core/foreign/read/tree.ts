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

/** Every entry of all documents. The sections of an INI file are groups; one with nothing in it, which `DEFAULT` often is, is no entry. */
export function readTree(doc: SourceDocument): Entry[] {
  const lines = new Lines(doc.text);
  const all = doc.documents.flatMap((map) => entriesIn(map, [], lines));
  return doc.format === 'ini' ? all.filter(({ path }) => path.length > 1) : all;
}

/** The entries of a map and of the maps in it. @param path the names that lead to it */
export function entriesIn(map: MapNode, path: readonly string[], lines: Lines): Entry[] {
  return entriesOf(map).flatMap(({ key, keySpan, value }): Entry[] => {
    const names = [...path, key];
    const target = targetOf(value);
    if (target.kind === 'map' && entriesOf(target).length > 0) return entriesIn(target, names, lines);
    return [{ path: names, value: nodeValue(target), kind: 'plain', line: lines.lineAt(keySpan.start) + 1 }];
  });
}

const targetOf = (node: Node) => (node.kind === 'alias' ? node.target : node);
