import type { AliasNode, CommentNode, ListNode, MapNode, Node, ScalarNode } from '../format/document.ts';
import { Effort } from '../pattern/effort.ts';
import type { Path } from '../tree/path.ts';
import { commentSpeaks, encrypts, keySpeaks, type Selector, selects } from './selection.ts';
import { envelopeType } from './value.ts';

/** A place that SOPS encrypts or hashes, in file order. */
export interface Place {
  /** Index of the document. */
  readonly document: number;
  readonly path: Path;
  /** Map keys to it, joined and ended by `:`; the AAD of its ciphertext. A comment has the path of what contains it. */
  readonly aad: string;
  /** In encrypted position by the selector. */
  readonly selected: boolean;
  /** Document and path as a JSON list. */
  readonly name: string;
}

/** The AAD of a leaf at a path: list indices have no part in it. What the walk carries along, for a place that is not there yet. */
export function aadOf(path: Path): string {
  return `${path.filter((part) => typeof part === 'string').join(':')}:`;
}

interface Visitor {
  leaf(node: ScalarNode, place: Place, around: Around): void;
  /** A comment, or a string item of a list that holds an encrypted comment: then `node` is a scalar in `list`. */
  comment?(node: CommentNode | ScalarNode, place: Place, around: Around): void;
  /** An alias, before its target is walked. */
  alias?(node: AliasNode, place: Place): void;
}

/** What stands around a place. */
export interface Around {
  /** The key token of the nearest entry, when the place is that entry's own value. */
  readonly key: { readonly start: number; readonly end: number } | undefined;
  readonly list: ListNode | undefined;
  /** The outermost alias that leads here: the text at the node belongs to another place too. */
  readonly alias: AliasNode | undefined;
}

/**
 * Walk all documents in the order in which SOPS encrypts and hashes (`Tree.walkBranch`), keeping the active comments
 * that the two comment selectors need: one list a level, emptied after every item that is no comment. Throws TOO_LARGE where
 * looking at every key would take long.
 */
export function walk(documents: readonly MapNode[], selector: Selector, visitor: Visitor): void {
  const effort = new Effort();
  documents.forEach((root, document) => {
    const walker = new Walker(document, selector, effort, visitor);
    walker.map(
      root,
      { path: [], prefix: '', name: `[${document}`, spoke: false, commentSpoke: false },
      { key: undefined, list: undefined, alias: undefined },
    );
  });
}

/** The way from the root to a node. */
interface Way {
  readonly path: Path;
  /** Map keys, each followed by `:`. */
  readonly prefix: string;
  /** `Place.name` without its closing bracket. */
  readonly name: string;
  /** A key on the way speaks to the selector. */
  readonly spoke: boolean;
  /** An active comment of some level speaks to it. */
  readonly commentSpoke: boolean;
}

class Walker {
  readonly #document: number;
  readonly #selector: Selector;
  readonly #effort: Effort;
  readonly #visitor: Visitor;

  constructor(document: number, selector: Selector, effort: Effort, visitor: Visitor) {
    this.#document = document;
    this.#selector = selector;
    this.#effort = effort;
    this.#visitor = visitor;
  }

  map(node: MapNode, way: Way, around: Around): void {
    let commentSpoke = way.commentSpoke;
    for (const member of node.members) {
      if (member.kind === 'comment') {
        commentSpoke = this.#comment(member, { ...way, commentSpoke }, around);
        continue;
      }
      const { key } = member;
      const spoke = way.spoke || keySpeaks(this.#selector, key, this.#effort);
      const [prefix, name] = [`${way.prefix}${key}:`, `${way.name},${quoted(key)}`];
      const inner: Way = { path: [...way.path, key], prefix, name, spoke, commentSpoke };
      this.#value(member.value, inner, { key: member.keySpan, list: undefined, alias: around.alias });
      commentSpoke = way.commentSpoke;
    }
  }

  #list(node: ListNode, way: Way, around: Around): void {
    let commentSpoke = way.commentSpoke;
    const inner: Around = { key: undefined, list: node, alias: around.alias };
    let index = 0;
    for (const item of node.items) {
      const here: Way = { ...way, commentSpoke };
      if (item.kind === 'comment') {
        commentSpoke = this.#comment(item, here, inner);
        continue;
      }
      // An encrypted comment is a plain string to SOPS when it judges; where nothing is encrypted, it is one for good.
      const place = isCommentItem(item) ? this.#place(here) : undefined;
      if (place?.selected) this.#visitor.comment?.(item as ScalarNode, place, inner);
      else {
        this.#value(item, { ...here, path: [...way.path, index], name: `${way.name},${index}` }, inner);
        index++;
      }
      commentSpoke = way.commentSpoke;
    }
  }

  #value(node: Node, way: Way, around: Around): void {
    if (node.kind === 'map') return this.map(node, way, around);
    if (node.kind === 'list') return this.#list(node, way, around);
    if (node.kind === 'alias') {
      this.#visitor.alias?.(node, this.#place(way));
      return this.#value(node.target, way, { ...around, alias: around.alias ?? node });
    }
    this.#visitor.leaf(node, this.#place(way), around);
  }

  /** Returns whether an active comment speaks behind this one. */
  #comment(node: CommentNode, way: Way, around: Around): boolean {
    const after = way.commentSpoke || (!node.lost && commentSpeaks(this.#selector, node.text, this.#effort));
    // A matching comment can exempt itself from encryption but never select itself, so that the marker stays readable.
    const judged = encrypts(this.#selector) ? way : { ...way, commentSpoke: after };
    this.#visitor.comment?.(node, this.#place(judged), around);
    return after;
  }

  #place(way: Way): Place {
    const selected = selects(this.#selector, way.spoke, way.commentSpoke);
    return { document: this.#document, path: way.path, aad: way.prefix || ':', selected, name: `${way.name}]` };
  }
}

/** As JSON has it; most keys need nothing but the quotes. */
function quoted(key: string): string {
  return /^[\w.-]*$/.test(key) ? `"${key}"` : JSON.stringify(key);
}

/** SOPS stores an encrypted comment of a list as one more string item. */
export function isCommentItem(node: Node): node is ScalarNode {
  return (
    node.kind === 'scalar' &&
    node.scalar.type === 'str' &&
    typeof node.scalar.value === 'string' &&
    envelopeType(node.scalar.value) === 'comment'
  );
}
