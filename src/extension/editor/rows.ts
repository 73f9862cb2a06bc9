import type { CommentNode, Entry, ListNode, MapNode, Node, ScalarNode } from '../../core/format/document.ts';
import { commentText } from '../../core/open/comments.ts';
import type { Opened } from '../../core/open/open.ts';
import type { Leaf, Sealed, SealedComment } from '../../core/sops/sealed.ts';
import { parseEnvelope } from '../../core/sops/value.ts';
import type { Path } from '../../core/tree/path.ts';
import { textOfScalar } from '../../core/tree/typed.ts';
import { isOddName } from '../../core/view/odd.ts';
import { lineBucket } from '../../core/view/shown.ts';
import type { Row, RowId } from '../../protocol/messages.ts';

/** What a row stands for in the file. */
export type RowTarget =
  | {
      readonly kind: 'entry';
      readonly document: number;
      readonly path: Path;
      readonly leaf: Leaf;
      readonly comments: readonly SealedComment[];
    }
  | {
      readonly kind: 'group';
      readonly document: number;
      readonly path: Path;
      readonly node: MapNode | ListNode;
      readonly comments: readonly SealedComment[];
    }
  | {
      readonly kind: 'comment';
      readonly document: number;
      readonly path: Path;
      readonly comments: readonly SealedComment[];
    };

export interface Table {
  readonly rows: readonly Row[];
  readonly targets: ReadonlyMap<RowId, RowTarget>;
}

interface RowsInput {
  readonly sealed: Sealed;
  readonly opened: Opened;
  /** When an entry was last changed, in words. */
  changed(leaf: Leaf): string | undefined;
  /** The name of the n-th document of several, from 1. */
  documentName(n: number): string;
  /** Why an entry under an alias is not changed here. */
  readonly aliasWords: string;
}

export const noRows: Table = { rows: [], targets: new Map() };

/** The lines of the table, in file order. Of the values only what stands in clear text in the file goes in. */
export function tableOf(input: RowsInput): Table {
  return new Builder(input).build();
}

/** Where a node stands. */
interface At {
  readonly document: number;
  readonly path: Path;
  readonly depth: number;
  readonly list: boolean;
  readonly alias: boolean;
}

interface Item {
  readonly name: string;
  readonly part: string | number;
  readonly node: Node;
  readonly start: number;
}

class Builder {
  readonly #input: RowsInput;
  readonly #rows: Row[] = [];
  readonly #targets = new Map<RowId, RowTarget>();
  readonly #comments: ReadonlyMap<CommentNode | ScalarNode, SealedComment>;
  readonly #failed: ReadonlySet<string>;
  readonly #groups = new Map<string, number>();
  /** Leaves come in the order of this walk, also where an alias leads to the same node again. */
  #next = 0;
  /** Comment rows so far. */
  #count = 0;

  constructor(input: RowsInput) {
    this.#input = input;
    this.#comments = new Map(input.sealed.comments.map((comment) => [comment.node, comment]));
    const { verdict } = input.opened;
    this.#failed = new Set(verdict.ok ? [] : verdict.failures.flatMap(({ leaf }) => leaf?.id ?? []));
  }

  build(): Table {
    const { documents } = this.#input.sealed.doc;
    const several = documents.length > 1;
    documents.forEach((root, document) => {
      const at: At = { document, path: [], depth: 0, list: false, alias: false };
      if (several) this.#group(root, this.#input.documentName(document + 1), at, []);
      else this.#members(root, at);
    });
    return { rows: this.#rows, targets: this.#targets };
  }

  /** Returns how many rows stand right below. */
  #members(node: MapNode | ListNode, at: At): number {
    let count = 0;
    let above: CommentNode[] = [];
    const flush = () => {
      for (const comment of above) this.#commentRow(comment, at);
      count += above.length;
      above = [];
    };
    const all = node.kind === 'map' ? node.members : node.items;
    const inline = this.#inlineOf(all);
    let index = 0;
    for (const member of all) {
      if (member.kind === 'comment') {
        if (inline.taken.has(member)) continue;
        if (above.length > 0 && !this.#adjoin(above.at(-1) as CommentNode, member.span.start)) flush();
        above.push(member);
      } else if (member.kind === 'scalar' && this.#comments.has(member)) {
        flush();
        this.#commentRow(member, at);
        count++;
      } else {
        const item = itemOf(member, index++);
        if (above.length > 0 && !this.#adjoin(above.at(-1) as CommentNode, item.start)) flush();
        const comments = [...above, ...(inline.of.get(member) ?? [])].flatMap((one) => this.#comments.get(one) ?? []);
        above = [];
        this.#value(item, { ...at, path: [...at.path, item.part], list: node.kind === 'list' }, comments);
        count++;
      }
    }
    flush();
    return count;
  }

  /** Comments at the end of an entry's line, by that entry. */
  #inlineOf(all: readonly (Entry | CommentNode | Node)[]) {
    const { text } = this.#input.sealed.doc;
    const taken = new Set<CommentNode>();
    const of = new Map<Entry | CommentNode | Node, CommentNode[]>();
    all.forEach((comment, i) => {
      if (comment.kind !== 'comment' || !comment.inline) return;
      const owner = [all[i - 1], all[i + 1]].find(
        (one) =>
          one !== undefined &&
          one.kind !== 'comment' &&
          one.span.end <= comment.span.start &&
          !text.slice(one.span.end, comment.span.start).includes('\n'),
      );
      if (!owner) return;
      taken.add(comment);
      of.set(owner, [...(of.get(owner) ?? []), comment]);
    });
    return { taken, of };
  }

  /** The comment's line is right above the line of `start`, at its column: core/change/ownlines.ts. */
  #adjoin(comment: CommentNode, start: number): boolean {
    const { text } = this.#input.sealed.doc;
    const next = /^[^\n]*\n(?=[^\n]*$)/.exec(text.slice(comment.span.end, start));
    if (comment.inline || !next) return false;
    const own = comment.span.start - (text.lastIndexOf('\n', comment.span.start - 1) + 1);
    const line = text.slice(comment.span.end + next[0].length, start);
    return own === (/^[ \t]*/.exec(line)?.[0].length ?? 0);
  }

  #value({ name, node }: Item, at: At, comments: readonly SealedComment[]): void {
    if (node.kind === 'alias') {
      this.#value({ name, node: node.target, part: '', start: 0 }, { ...at, alias: true }, comments);
    } else if (node.kind === 'scalar') this.#entry(name, node, at, comments);
    else this.#group(node, name, at, comments);
  }

  #entry(name: string, node: ScalarNode, at: At, comments: readonly SealedComment[]): void {
    const leaf = this.#input.sealed.leaves[this.#next++];
    if (leaf?.node !== node) throw new RangeError('rows and leaves differ');
    const value = this.#input.opened.value(leaf.id);
    const { scalar } = node;
    const plain = leaf.selected ? undefined : textOfScalar(scalar);
    const changed = this.#input.changed(leaf);
    this.#add(
      {
        ...blank,
        id: leaf.id,
        kind: 'entry',
        depth: at.depth,
        name,
        list: at.list,
        type: leaf.type,
        secret: leaf.selected,
        ...(plain === undefined ? {} : { plain }),
        empty: value?.type === 'str' && value.value.length === 0,
        binary: value?.type === 'str' && typeof value.value !== 'string',
        lines: value ? lineBucket(value) : '1',
        ...commentFields(comments),
        ...(changed === undefined ? {} : { changed }),
        damaged: this.#failed.has(leaf.id),
        odd: !at.list && isOddName(name),
        ...(at.alias ? { fixed: this.#input.aliasWords } : {}),
      },
      { kind: 'entry', document: at.document, path: at.path, leaf, comments },
    );
  }

  #group(node: MapNode | ListNode, name: string, at: At, comments: readonly SealedComment[]): void {
    const base = JSON.stringify([at.document, ...at.path]);
    const seen = this.#groups.get(base) ?? 0;
    this.#groups.set(base, seen + 1);
    const row = {
      ...blank,
      id: seen === 0 ? base : `${base}#${seen}`,
      kind: 'group' as const,
      depth: at.depth,
      name,
      list: node.kind === 'list',
      ...commentFields(comments),
      odd: !at.list && at.path.length > 0 && isOddName(name),
      ...(at.alias ? { fixed: this.#input.aliasWords } : {}),
    };
    const index = this.#rows.length;
    this.#add(row, { kind: 'group', document: at.document, path: at.path, node, comments });
    this.#rows[index] = { ...row, children: this.#members(node, { ...at, depth: at.depth + 1 }) };
  }

  #commentRow(node: CommentNode | ScalarNode, at: At): void {
    const comment = this.#comments.get(node);
    const comments = comment ? [comment] : [];
    this.#add(
      { ...blank, id: `comment ${this.#count++}`, kind: 'comment', depth: at.depth, ...commentFields(comments) },
      { kind: 'comment', document: at.document, path: at.path, comments },
    );
  }

  #add(row: Row, target: RowTarget): void {
    this.#rows.push(row);
    this.#targets.set(row.id, target);
  }
}

const blank: Omit<Row, 'id' | 'kind' | 'depth'> = {
  name: '',
  children: 0,
  list: false,
  type: 'str',
  secret: false,
  empty: false,
  binary: false,
  lines: '1',
  secretComment: false,
  damaged: false,
  odd: false,
};

function itemOf(member: Entry | Node, index: number): Item {
  return member.kind === 'entry'
    ? { name: member.key, part: member.key, node: member.value, start: member.keySpan.start }
    : { name: `[${index}]`, part: index, node: member, start: member.span.start };
}

/** Whether a comment is encrypted in the file. */
export const isSecret = ({ node }: SealedComment) => parseEnvelope(commentText(node).trim()) !== undefined;

/** Comments as a person writes them: without the sign's space. */
export const bareComment = (text: string): string => text.replace(/^ /, '');

function commentFields(comments: readonly SealedComment[]): Pick<Row, 'comment' | 'secretComment'> {
  if (comments.length === 0) return { secretComment: false };
  if (comments.some(isSecret)) return { secretComment: true };
  return { secretComment: false, comment: comments.map(({ node }) => bareComment(commentText(node))).join('\n') };
}
