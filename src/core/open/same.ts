import { equal } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { AliasNode, FormatId, ListNode, MapNode, Node, ScalarNode, SourceDocument } from '../format/document.ts';
import { valueBytes } from '../sops/value.ts';
import { flatText } from '../tree/flattext.ts';
import type { Scalar } from '../tree/value.ts';
import type { Opened } from './open.ts';

/**
 * Throws UNSUPPORTED_VALUE unless a plain file, read back, holds what the encrypted one was opened to: the same keys, values
 * and kinds in the same places and order. Comments are not looked at.
 */
export function requireSame(opened: Opened, plain: SourceDocument): void {
  const before = opened.sealed.doc.documents;
  const after = plain.documents;
  const pairing = new Pairing(opened);
  if (before.length !== after.length || !before.every((map, i) => pairing.same(map, after[i] as MapNode)))
    throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
}

/** A value as a plain file of the format holds it: dotenv and INI have texts only, and sops seals other types there all the same. */
export function heldIn(format: FormatId, value: Scalar): Scalar {
  const text = format === 'dotenv' || format === 'ini' ? flatText(value) : undefined;
  return value.type === 'str' || value.type === 'null' || text === undefined ? value : { type: 'str', value: text };
}

/** Both trees at once. The leaves of the encrypted file come in the order of this walk. */
class Pairing {
  readonly #opened: Opened;
  /** Items of lists that hold an encrypted comment: comments in the plain file. */
  readonly #commentItems: ReadonlySet<unknown>;
  #next = 0;

  constructor(opened: Opened) {
    this.#opened = opened;
    const nodes = opened.sealed.comments.map(({ node }) => node);
    this.#commentItems = new Set(nodes.filter(({ kind }) => kind === 'scalar'));
  }

  same(before: Node, after: Node): boolean {
    const a = targetOf(before);
    const b = targetOf(after);
    if (a.kind === 'scalar') return b.kind === 'scalar' && this.#leaf(a, b.scalar);
    if (a.kind === 'map') return b.kind === 'map' && this.#members(a, b);
    return b.kind === 'list' && this.#items(a, b);
  }

  #leaf(node: ScalarNode, plain: Scalar): boolean {
    const index = this.#next++;
    const value = this.#opened.sealed.leaves[index]?.node === node ? this.#opened.valueAt(index) : undefined;
    return value !== undefined && sameScalar(heldIn(this.#opened.sealed.format, value), plain);
  }

  #members(a: MapNode, b: MapNode): boolean {
    let at = 0;
    for (const member of a.members) {
      if (member.kind === 'comment') continue;
      while (b.members[at]?.kind === 'comment') at++;
      const other = b.members[at++];
      if (other?.kind !== 'entry' || other.key !== member.key || !this.same(member.value, other.value)) return false;
    }
    return b.members.slice(at).every(isComment);
  }

  #items(a: ListNode, b: ListNode): boolean {
    const items = a.items.filter((item) => !isComment(item) && !this.#commentItems.has(item)) as Node[];
    const others = b.items.filter((item) => !isComment(item)) as Node[];
    return items.length === others.length && items.every((item, i) => this.same(item, others[i] as Node));
  }
}

const isComment = ({ kind }: { readonly kind: string }) => kind === 'comment';

function targetOf(node: Node): Exclude<Node, AliasNode> {
  return node.kind === 'alias' ? node.target : node;
}

function sameScalar(a: Scalar, b: Scalar): boolean {
  if (a.type !== b.type) return false;
  if (a.type === 'null' || b.type === 'null') return true;
  return Object.is(a.value, b.value) || equal(valueBytes(a), valueBytes(b));
}
