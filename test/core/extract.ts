import { LockstepError } from '../../src/core/errors.ts';
import type { Node } from '../../src/core/format/document.ts';
import type { Opened } from '../../src/core/open/open.ts';
import type { Leaf } from '../../src/core/sops/sealed.ts';
import type { Path } from '../../src/core/tree/path.ts';
import { scalar, type Value } from '../../src/core/tree/value.ts';

/**
 * The plain value at a path of a document: a scalar, or a tree without its comments. Read from the opened file by a way of its
 * own, so that tests do not compare the product with itself. Throws NO_SUCH_ENTRY, and VALUE_DAMAGED where a value did not open.
 */
export function extract(opened: Opened, path: Path, document = 0): Value {
  return new Extraction(opened, path, document).value();
}

class Extraction {
  readonly #opened: Opened;
  readonly #path: Path;
  readonly #document: number;
  /** SOPS stores comments of lists as items. */
  readonly #comments: ReadonlySet<unknown>;
  readonly #leaves: Iterator<Leaf>;

  constructor(opened: Opened, path: Path, document: number) {
    const { comments, leaves } = opened.sealed;
    this.#opened = opened;
    this.#path = path;
    this.#document = document;
    this.#comments = new Set(comments.map((comment) => comment.node));
    const below = leaves.filter((leaf) => leaf.document === document && path.every((part, i) => leaf.path[i] === part));
    this.#leaves = below.values();
  }

  value(): Value {
    const root: Node | undefined = this.#opened.sealed.doc.documents[this.#document];
    const node = this.#path.reduce<Node | undefined>((at, part) => at && this.#child(at, part), root);
    if (!node) throw new LockstepError('NO_SUCH_ENTRY', { path: this.#path });
    return this.#plain(node);
  }

  /** The first of several with one key. */
  #child(node: Node, part: string | number): Node | undefined {
    if (node.kind === 'alias') return this.#child(node.target, part);
    if (node.kind === 'list') return typeof part === 'number' ? this.#items(node.items)[part] : undefined;
    if (node.kind !== 'map') return undefined;
    for (const member of node.members) if (member.kind === 'entry' && member.key === part) return member.value;
    return undefined;
  }

  #items(items: readonly (Node | { readonly kind: 'comment' })[]): Node[] {
    return items.filter((item): item is Node => item.kind !== 'comment' && !this.#comments.has(item));
  }

  #plain(node: Node): Value {
    if (node.kind === 'alias') return this.#plain(node.target);
    if (node.kind === 'list') return { kind: 'list', items: this.#items(node.items).map((item) => this.#plain(item)) };
    if (node.kind === 'map') {
      const entries = node.members.filter((member) => member.kind === 'entry');
      return { kind: 'map', members: entries.map(({ key, value }) => ({ key, value: this.#plain(value) })) };
    }
    // Leaves come in the order of the tree; one under an alias comes once for each place.
    const leaf: Leaf | undefined = this.#leaves.next().value;
    const found = leaf && this.#opened.value(leaf.id);
    if (leaf?.node !== node || !found) throw new LockstepError('VALUE_DAMAGED', { path: leaf?.path ?? this.#path });
    return scalar(found);
  }
}
