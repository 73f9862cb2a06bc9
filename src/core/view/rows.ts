import { idOfPath, type NodeId } from '../change/locate.ts';
import { keyNameOfLeaf } from '../enckeys/keys.ts';
import type { CommentNode, Entry, ListNode, MapNode, Node, ScalarNode } from '../format/document.ts';
import { managers } from '../managers/kinds.ts';
import { managerOf, whereOf } from '../managers/reference.ts';
import { commentText } from '../open/comments.ts';
import type { Opened } from '../open/open.ts';
import type { Leaf, Sealed, SealedComment } from '../sops/sealed.ts';
import { parseEnvelope } from '../sops/value.ts';
import type { Path } from '../tree/path.ts';
import { textOfScalar } from '../tree/typed.ts';
import type { Scalar } from '../tree/value.ts';
import { isOddName } from './odd.ts';
import { lineBucket } from './shown.ts';

/** The part of the file that a row shows. */
export type RowTarget = {
  readonly document: number;
  readonly path: Path;
  readonly comments: readonly SealedComment[];
  /** Its id says which one it is of several, by their order: another text may have another one there. */
  readonly positional: boolean;
} & (
  | { readonly kind: 'entry'; readonly leaf: Leaf }
  | { readonly kind: 'group'; readonly node: MapNode | ListNode }
  | { readonly kind: 'comment' }
);

/** Characters of a place that a row shows. */
const longestPlace = 200;

const blank = {
  name: '',
  children: 0,
  list: false,
  type: 'str' as Leaf['type'],
  secret: false,
  empty: false,
  binary: false,
  lines: '1' as ReturnType<typeof lineBucket>,
  secretComment: false,
  damaged: false,
  odd: false,
};

/** The owner and the expiry of an entry, in words, and whether somebody has to look at it. */
interface Agreed {
  readonly text: string;
  readonly state?: 'due' | 'overdue';
}

/** A line of the table; the Secrets Editor's messages say what each field means. */
type Row = Readonly<typeof blank> & {
  readonly id: NodeId;
  readonly kind: RowTarget['kind'];
  readonly depth: number;
  readonly plain?: string;
  readonly comment?: string;
  readonly changed?: string;
  readonly days?: number;
  readonly term?: Agreed;
  readonly fixed?: string;
  readonly reference?: { readonly manager: string; readonly where: string };
  readonly encryptionKey?: true;
};

export interface Table {
  readonly rows: readonly Row[];
  readonly targets: ReadonlyMap<NodeId, RowTarget>;
}

interface RowsInput {
  readonly sealed: Sealed;
  readonly opened: Opened;
  /** When an entry was last changed, in words, and how many days ago. */
  changed(leaf: Leaf): { readonly text: string; readonly days?: number } | undefined;
  /** What is agreed about an entry. */
  term(leaf: Leaf): Agreed | undefined;
  /** The name of the n-th document of several, from 1. */
  documentName(n: number): string;
  /** What values say is hidden, also where a secret of another manager is. */
  readonly presenting: boolean;
  /** Why an entry under an alias is not changed here. */
  readonly aliasWords: string;
}

export const noRows: Table = { rows: [], targets: new Map() };

/** The lines of the table, in file order. Of the values, only those that the file holds unencrypted go in. */
export const tableOf = (input: RowsInput): Table => new Builder(input).build();

type Member = Entry | CommentNode | Node;

/** Where a node is. */
interface At {
  readonly name: string;
  readonly document: number;
  readonly path: Path;
  readonly depth: number;
  readonly list: boolean;
  readonly alias: boolean;
  readonly positional: boolean;
}

class Builder {
  readonly #input: RowsInput;
  readonly #rows: Row[] = [];
  readonly #targets = new Map<NodeId, RowTarget>();
  readonly #comments: ReadonlyMap<CommentNode | ScalarNode, SealedComment>;
  readonly #failed: ReadonlySet<string>;
  readonly #groups = new Map<NodeId, number>();
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
    const top = { name: '', path: [], depth: 0, list: false, alias: false, positional: false };
    documents.forEach((root, document) => {
      if (documents.length === 1) this.#members(root, { ...top, document });
      else this.#group(root, { ...top, document, name: this.#input.documentName(document + 1) }, []);
    });
    return { rows: this.#rows, targets: this.#targets };
  }

  /** Returns how many rows are right below. */
  #members(node: MapNode | ListNode, at: At): number {
    let count = 0;
    let above: CommentNode[] = [];
    const flush = (start?: number) => {
      const last = above.at(-1);
      if (!last || (start !== undefined && this.#adjoin(last, start))) return;
      for (const comment of above) this.#commentRow(comment, at);
      count += above.length;
      above = [];
    };
    const all = node.kind === 'map' ? node.members : node.items;
    const inline = this.#inlineOf(all);
    const names = all.flatMap((one) => (one.kind === 'entry' ? [one.key] : []));
    const seen = new Set<string>();
    const several = new Set(names.filter((name) => seen.has(name) || !seen.add(name)));
    let index = 0;
    for (const member of all) {
      if (member.kind === 'comment') {
        if (inline.taken.has(member)) continue;
        flush(member.span.start);
        above.push(member);
      } else if (member.kind === 'scalar' && this.#comments.has(member)) {
        flush();
        this.#commentRow(member, at);
        count++;
      } else {
        const entry = member.kind === 'entry' ? member : undefined;
        const part = entry?.key ?? index;
        flush(entry ? entry.keySpan.start : member.span.start);
        const comments = [...above, ...(inline.of.get(member) ?? [])].flatMap((one) => this.#comments.get(one) ?? []);
        above = [];
        const below = {
          ...at,
          name: entry?.key ?? `[${index}]`,
          path: [...at.path, part],
          list: node.kind === 'list',
          positional: at.positional || !entry || several.has(entry.key),
        };
        this.#value(entry?.value ?? (member as Node), below, comments);
        index++;
        count++;
      }
    }
    flush();
    return count;
  }

  /** Comments at the end of an entry's line, by that entry. */
  #inlineOf(all: readonly Member[]) {
    const { text } = this.#input.sealed.doc;
    const taken = new Set<CommentNode>();
    const of = new Map<Member, CommentNode[]>();
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

  #value(node: Node, at: At, comments: readonly SealedComment[]): void {
    if (node.kind === 'alias') this.#value(node.target, { ...at, alias: true }, comments);
    else if (node.kind === 'scalar') this.#entry(node, at, comments);
    else this.#group(node, at, comments);
  }

  #entry(node: ScalarNode, at: At, comments: readonly SealedComment[]): void {
    const { sealed, opened, changed, term } = this.#input;
    const leaf = sealed.leaves[this.#next++];
    if (leaf?.node !== node) throw new RangeError('rows and leaves differ');
    const value = opened.value(leaf.id);
    const plain = leaf.selected ? undefined : textOfScalar(node.scalar);
    const when = changed(leaf);
    const agreed = leaf.selected ? term(leaf) : undefined;
    const row = {
      ...this.#named(leaf.id, 'entry', at, comments),
      type: leaf.type,
      secret: leaf.selected,
      ...(plain === undefined ? {} : { plain }),
      empty: value?.type === 'str' && value.value.length === 0,
      binary: value?.type === 'str' && typeof value.value !== 'string',
      lines: value ? lineBucket(value) : ('1' as const),
      ...(when === undefined ? {} : { changed: when.text }),
      ...(when?.days === undefined ? {} : { days: when.days }),
      ...(agreed === undefined ? {} : { term: agreed }),
      ...this.#reference(leaf, value),
      ...(keyNameOfLeaf(sealed.format, leaf) === undefined ? {} : { encryptionKey: true as const }),
      damaged: this.#failed.has(leaf.id),
      odd: !at.list && isOddName(at.name),
    };
    this.#add(row, { ...at, kind: 'entry', leaf, comments });
  }

  /** A reference is seen as what it is: who has the secret, and where. */
  #reference({ selected }: Leaf, value: Scalar | undefined): Pick<Row, 'reference'> {
    const text = value?.type === 'str' && typeof value.value === 'string' ? value.value : '';
    const manager = managerOf(text);
    if (!manager) return {};
    const where = selected && this.#input.presenting ? '' : whereOf(text, manager).slice(0, longestPlace);
    return { reference: { manager: managers[manager].name, where } };
  }

  #group(node: MapNode | ListNode, at: At, comments: readonly SealedComment[]): void {
    const base = idOfPath(at.document, at.path);
    const seen = this.#groups.get(base) ?? 0;
    this.#groups.set(base, seen + 1);
    const row = {
      ...this.#named(seen === 0 ? base : `${base}#${seen}`, 'group', at, comments),
      list: node.kind === 'list',
      odd: !at.list && at.path.length > 0 && isOddName(at.name),
    };
    const index = this.#rows.length;
    this.#add(row, { ...at, kind: 'group', node, comments });
    this.#rows[index] = { ...row, children: this.#members(node, { ...at, depth: at.depth + 1 }) };
  }

  #commentRow(node: CommentNode | ScalarNode, at: At): void {
    const comments = [this.#comments.get(node)].filter((one) => one !== undefined);
    const row = { ...blank, id: `comment ${this.#count++}`, depth: at.depth, ...commentFields(comments) };
    this.#add({ ...row, kind: 'comment' }, { ...at, kind: 'comment', positional: true, comments });
  }

  #named(id: NodeId, kind: Row['kind'], { depth, name, list, alias }: At, comments: readonly SealedComment[]): Row {
    const fixed = alias ? { fixed: this.#input.aliasWords } : {};
    return { ...blank, id, kind, depth, name, list, ...commentFields(comments), ...fixed };
  }

  #add(row: Row, target: RowTarget): void {
    this.#rows.push(row);
    this.#targets.set(row.id, target);
  }
}

/** Whether a comment is encrypted in the file. */
export const isSecret = ({ node }: SealedComment) => parseEnvelope(commentText(node).trim()) !== undefined;

/** Comments as a person writes them: without the sign's space. */
export const bareComment = (text: string): string => text.replace(/^ /, '');

function commentFields(comments: readonly SealedComment[]): Pick<Row, 'comment' | 'secretComment'> {
  if (comments.length === 0 || comments.some(isSecret)) return { secretComment: comments.length > 0 };
  return { secretComment: false, comment: comments.map(({ node }) => bareComment(commentText(node))).join('\n') };
}
