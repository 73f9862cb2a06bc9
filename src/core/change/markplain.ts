import { LockstepError } from '../errors.ts';
import type { SourceDocument } from '../format/document.ts';
import { commentsOf } from '../format/place.ts';
import type { Leaf } from '../sops/sealed.ts';
import { commentSpeaks, encrypts, type Selector } from '../sops/selection.ts';
import { type Path, samePath } from '../tree/path.ts';
import { commentLine, ownComments, removal } from './comments.ts';
import type { Draft } from './draft.ts';
import { type Located, locate, type NodeId } from './locate.ts';
import { rename } from './steps.ts';

/**
 * Say that an entry or group is not encrypted (`on`), or that it is, in the way that the file's selector goes by: a suffix
 * of its name, or a comment that matches. Nothing else may be encrypted or not by that.
 *
 * Throws NO_SUCH_ENTRY, ENTRY_EXISTS, and NOT_SELECTED where the selector does not allow it: `what` is `regex`
 * (it goes by a pattern of names), `pattern` (no comment that matches can be made of it), `suffix` or `comment` (another
 * name or comment decides).
 */
export function markPlain(draft: Draft, id: NodeId, on: boolean): void {
  draft.release();
  const { selector } = draft;
  const before = draft.collected.leaves;
  const place = locate(draft.doc, id);
  const path = 'suffix' in selector ? renamed(draft, place, id, selector, on) : remarked(draft, place, selector, on);
  const what = 'suffix' in selector ? 'suffix' : 'comment';
  requireOnly(before, draft.collected.leaves, place, path, on, what);
}

/** Whether what speaks to the selector has to stand there: it either encrypts or does not. */
function mustSpeak(selector: Selector, on: boolean): boolean {
  return encrypts(selector) !== on;
}

function renamed(
  draft: Draft,
  { path, entry }: Located,
  id: NodeId,
  selector: Selector & { suffix: string },
  on: boolean,
): Path {
  const { suffix } = selector;
  const name = entry?.key;
  if (name === undefined) throw new LockstepError('NOT_SELECTED', { path, what: 'suffix' });
  const speaks = name.endsWith(suffix);
  if (speaks === mustSpeak(selector, on)) return path;
  const other = speaks ? name.slice(0, -suffix.length) : name + suffix;
  rename(draft, id, other);
  return path.with(-1, other);
}

function remarked(draft: Draft, place: Located, selector: Selector, on: boolean): Path {
  if (!selector.kind.endsWith('comment_regex'))
    throw new LockstepError('NOT_SELECTED', { path: place.path, what: 'regex' });
  const { doc } = draft;
  const { above, end } = ownComments(doc, place);
  const own = commentsOf(doc).filter(
    (one) => one === end || (one.span.start >= above.start && one.span.end <= above.end),
  );
  const speaking = own.filter((one) => commentSpeaks(selector, one.text));
  if (!mustSpeak(selector, on)) {
    draft.step(speaking.map((one) => removal(doc, one)));
  } else if (speaking.length === 0) {
    const marker = markerOf(doc, selector, place.path);
    const line = commentLine(doc, place, marker);
    draft.step([{ start: above.end, end: above.end, text: line }], undefined, [marker]);
  }
  return place.path;
}

/** A comment that the selector's pattern matches, where the pattern is a word or two. */
function markerOf(doc: SourceDocument, selector: Selector, path: Path): string {
  const source = 'pattern' in selector ? selector.pattern.source : '';
  const word = source.replace(/^\^/, '').replace(/\$$/, '').trim();
  const sure = /^[\p{L}\p{N}_:@=/ -]+$/u.test(word) && commentSpeaks(selector, ` ${word}`);
  if (!sure || doc.format === 'ini') throw new LockstepError('NOT_SELECTED', { path, what: 'pattern' });
  return word;
}

/** All below the place is as it was wanted, and nothing else changed. */
function requireOnly(
  before: readonly Leaf[],
  after: readonly Leaf[],
  place: Located,
  path: Path,
  on: boolean,
  what: 'comment' | 'suffix',
): void {
  const others = new Map(
    before.filter((leaf) => !isIn(leaf, place.document, place.path)).map((leaf) => [leaf.id, leaf.selected]),
  );
  for (const leaf of after) {
    const wanted = isIn(leaf, place.document, path) ? !on : others.get(leaf.id);
    if (leaf.selected !== wanted) throw new LockstepError('NOT_SELECTED', { path: leaf.path, what });
  }
}

function isIn(leaf: Leaf, document: number, path: Path): boolean {
  return leaf.document === document && samePath(leaf.path.slice(0, path.length), path);
}
