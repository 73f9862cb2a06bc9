import { type ErrorCode, type Facts, Fault, LockstepError, type Word } from '../errors.ts';
import type { Path } from '../tree/path.ts';
import type { Scalar, Value } from '../tree/value.ts';
import type { CommentNode, CommentPart, Entry, MapNode, Node, SourceDocument } from './document.ts';
import { fitsInt64 } from './number.ts';

/** Nesting that is read and written. Go's readers stop at 10,000; real files stay under 20. */
export const maxDepth = 500;

/** Entries, items and comments that are read; what is over is no file that people keep, and would take seconds. */
export const maxNodes = 250_000;

/** The error of `code` at `offset` of `text`, with its line. */
export function errorAt<C extends ErrorCode>(code: C, text: string, offset: number, what?: Word<C>): Fault<C> {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return new Fault(code, { offset, line, ...(what && { what }) } as Facts[C]);
}

/** The line end of a text: the first one found. */
export function eolOf(text: string): '\n' | '\r\n' {
  const at = text.indexOf('\n');
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}

/** Where the line that holds `offset` starts. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line that holds `offset` ends, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  if (at === -1) return text.length;
  return at > offset && text[at - 1] === '\r' ? at - 1 : at;
}

/** Where the next line starts, the end of the text if there is none. */
export function nextLine(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
}

/** The entries of a map, comments left out. */
export function entriesOf(map: MapNode): Entry[] {
  return map.members.filter((member) => member.kind === 'entry');
}

/** The items of a list, comments left out. */
export function itemsOf<T extends { readonly kind: string }>(list: { readonly items: readonly T[] }) {
  return list.items.filter((item): item is Exclude<T, { readonly kind: 'comment' }> => item.kind !== 'comment');
}

/** A tree of any kind: `Node`, `PlainNode`, `Value`. */
type Tree<N> =
  | { readonly kind: 'map'; readonly members: readonly (Keyed<N> | { readonly kind: 'comment' })[] }
  | { readonly kind: 'list'; readonly items: readonly (N | { readonly kind: 'comment' })[] }
  | { readonly kind: 'scalar' | 'alias' };

interface Keyed<N> {
  readonly kind?: 'entry';
  readonly key: string;
  readonly value: N;
}

/** The values of a map's entries, or the items of a list. */
export function childrenOf(node: Node): Node[] {
  if (node.kind === 'map') return entriesOf(node).map(({ value }) => value);
  return node.kind === 'list' ? itemsOf(node) : [];
}

/** What a part of a key path leads to: the first of several with one key. Undefined where nothing is, and at an alias. */
export function childOf<N extends Tree<N>>(node: N, part: string | number): N | undefined {
  const tree: Tree<N> = node;
  if (tree.kind === 'list') return typeof part === 'number' ? (itemsOf(tree)[part] as N | undefined) : undefined;
  if (tree.kind !== 'map') return undefined;
  for (const member of tree.members) if (member.kind !== 'comment' && member.key === part) return member.value;
  return undefined;
}

/** The node at a key path, as `childOf` goes. */
export function nodeAt<N extends Tree<N>>(root: N | undefined, path: Path): N | undefined {
  return path.reduce<N | undefined>((node, part) => node && childOf(node, part), root);
}

/** Throws ENTRY_EXISTS if `map` has `key` (`except` does not count). */
export function checkFree(map: MapNode, key: string, except?: Entry): void {
  for (const member of map.members) {
    if (member.kind === 'entry' && member !== except && member.key === key)
      throw new LockstepError('ENTRY_EXISTS', { offset: member.keySpan.start });
  }
}

/** Refuses a text that is not Unicode: half a surrogate pair would come back as U+FFFD. */
export function checkUnicode(text: string, code: ErrorCode): void {
  if (/\p{Cs}/u.test(text)) throw new LockstepError(code, { what: 'surrogate' });
}

/** Refuses a value that nests deeper than a reader goes, or holds an integer outside 64 bit. */
export function checkValue(value: Value, depth = 0): void {
  if (depth > maxDepth) throw new LockstepError('BAD_VALUE', { what: 'depth' });
  if (value.kind === 'map') for (const member of value.members) checkValue(member.value, depth + 1);
  else if (value.kind === 'list') for (const item of value.items) checkValue(item, depth + 1);
  else checkScalar(value.scalar);
}

/** Refuses an integer outside 64 bit. */
export function checkScalar(scalar: Scalar): void {
  if (scalar.type === 'int' && !fitsInt64(scalar.value)) throw new LockstepError('BAD_VALUE', { what: 'int64' });
}

/** The stretches of a comment, in file order. */
export function partsOf(comment: CommentNode): readonly CommentPart[] {
  return comment.parts ?? [{ ...comment.span, inline: comment.inline }];
}

/** Every comment of a document, each once, in the order in which the tree has them. */
export function commentsOf(doc: Pick<SourceDocument, 'documents'>): CommentNode[] {
  const found: CommentNode[] = [];
  const visit = (node: Node): void => {
    if (node.kind !== 'map' && node.kind !== 'list') return;
    for (const part of node.kind === 'map' ? node.members : node.items) {
      if (part.kind === 'comment') found.push(part);
      else visit(part.kind === 'entry' ? part.value : part);
    }
  };
  for (const root of doc.documents) visit(root);
  return found;
}
