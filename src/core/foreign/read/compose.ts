import type { Node, SourceDocument } from '../../format/document.ts';
import { nodeValue } from '../../format/nodevalue.ts';
import { entriesOf, itemsOf } from '../../format/place.ts';
import { flatText } from '../../tree/flattext.ts';
import { scalar, text as textScalar } from '../../tree/value.ts';
import { Lines } from '../../view/lines.ts';
import { asMap, type Entry, mapAt, withMerged } from '../found.ts';

/**
 * What services of a Docker Compose file have in `environment`, as a map or as a list of `NAME=value`. A `$$` is a dollar sign; a value with
 * any other is put together by Compose from variables that are elsewhere, and so is one that is not there at all: nothing is put in here.
 */
export function readCompose(doc: SourceDocument): Entry[] {
  const lines = new Lines(doc.text);
  return doc.documents.flatMap((root) => {
    const services = mapAt(root, 'services');
    if (!services) return [];
    return entriesOf(services).flatMap(({ value }) => {
      const service = asMap(value);
      const found = service && withMerged(service).find((one) => one.key === 'environment')?.value;
      return found ? variablesIn(found, lines) : [];
    });
  });
}

function variablesIn(node: Node, lines: Lines): Entry[] {
  const target = node.kind === 'alias' ? node.target : node;
  if (target.kind === 'map')
    return withMerged(target).flatMap(({ key, keySpan, value }) =>
      variable(key, textOfNode(value), lines.lineAt(keySpan.start) + 1),
    );
  if (target.kind !== 'list') return [];
  return itemsOf(target).flatMap((item) => {
    const text = textOfNode(item) ?? '';
    const at = text.indexOf('=');
    const line = lines.lineAt(item.span.start) + 1;
    return at === -1 ? variable(text, undefined, line) : variable(text.slice(0, at), text.slice(at + 1), line);
  });
}

function textOfNode(node: Node): string | undefined {
  const value = nodeValue(node);
  return value.kind === 'scalar' && value.scalar.type !== 'null' ? flatText(value.scalar) : undefined;
}

function variable(name: string, text: string | undefined, line: number): Entry[] {
  if (name === '') return [];
  const isElsewhere = text === undefined || /(?:^|[^$])(?:\$\$)*\$(?!\$)/.test(text);
  const value = scalar(textScalar((text ?? '').replaceAll('$$', '$')));
  return [{ path: [name], value, kind: 'plain', line, ...(isElsewhere && { why: 'reference' as const }) }];
}
