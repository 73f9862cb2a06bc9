import { LockstepError } from '../../errors.ts';
import type {
  AliasNode,
  CommentNode,
  Entry,
  ListNode,
  MapNode,
  MetadataBlock,
  Node,
  ScalarNode,
  Span,
} from '../document.ts';
import { errorAt } from '../place.ts';
import type { Lines } from './comment.ts';
import { isBreak } from './line.ts';
import type { RawDocument, RawNode } from './node.ts';
import { isBlank } from './read.ts';
import { resolveScalar } from './scalar.ts';

type Member = Entry | CommentNode;

/** The tree of a YAML text: members and comments in the order in which SOPS has them (stores/yaml/store.go). */
export class TreeBuilder {
  private readonly text: string;
  private readonly anchors = new Map<string, { node: RawNode; open: boolean }>();
  private readonly built = new Map<RawNode, Node>();
  /** Comments that found their place, by offset. */
  private readonly placed = new Set<number>();
  /** The `-` before items and the `:` before values of blocks. */
  readonly signs = new Map<Node, number>();
  /** Only the first document may not repeat a key: SOPS decodes that one into a map as well. */
  private first = true;

  constructor(text: string) {
    this.text = text;
  }

  document(raw: RawDocument): MapNode {
    const members: Member[] = [];
    this.comments(members, raw.head);
    const { root } = raw;
    if (root.kind === 'map') this.inAnchor(root, () => this.mapMembers(root, members, true));
    else if (root.kind !== 'scalar' || this.scalar(root, false).scalar.type !== 'null') {
      throw errorAt('NOT_A_MAP', this.text, root.start);
    } else for (const lines of [root.head, root.line, root.foot]) this.comments(members, lines);
    this.comments(members, raw.foot);
    this.first = false;
    const span = { start: root.contentStart, end: root.end };
    const map: MapNode = { kind: 'map', span, members, flow: root.kind === 'map' && root.flow };
    this.built.set(root, map);
    return map;
  }

  private comments(into: (Node | Member)[], lines: Lines): void {
    // Most are empty, and a loop that is not entered still costs.
    if (lines.length > 0) for (const span of lines) if (span) into.push(this.comment(span));
  }

  private comment(span: Span): CommentNode {
    this.placed.add(span.start);
    let at = span.start - 1;
    while (at >= 0 && isBlank(this.text.charCodeAt(at))) at--;
    const inline = at >= 0 && !isBreak(this.text.charCodeAt(at)) && this.text.charCodeAt(at) !== 0xfeff;
    return { kind: 'comment', span, text: this.text.slice(span.start + 1, span.end), inline };
  }

  private node(raw: RawNode, flow: boolean, ownComments: boolean): Node {
    if (raw.kind === 'alias') return this.alias(raw);
    if (!raw.anchor) return this.content(raw, flow, ownComments);
    const node = this.inAnchor(raw, () => this.content(raw, flow, ownComments));
    this.built.set(raw, node);
    return node;
  }

  private content(raw: RawNode, flow: boolean, ownComments: boolean): Node {
    if (raw.kind === 'scalar') return this.scalar(raw, flow);
    return raw.kind === 'map' ? this.map(raw, ownComments) : this.list(raw, ownComments);
  }

  /** An anchor can be referred to from its own node on; from inside, that is a loop. */
  private inAnchor<T>(raw: RawNode, build: () => T): T {
    if (!raw.anchor) return build();
    const anchor = { node: raw, open: true };
    this.anchors.set(raw.anchor, anchor);
    const out = build();
    anchor.open = false;
    return out;
  }

  private alias(raw: RawNode): AliasNode {
    const anchor = this.anchors.get(raw.value);
    if (!anchor) throw errorAt('SYNTAX', this.text, raw.start, 'alias');
    if (anchor.open) throw errorAt('ALIAS_BOMB', this.text, raw.start);
    const target = this.built.get(anchor.node);
    if (!target || target.kind === 'alias') throw errorAt('UNSUPPORTED_VALUE', this.text, raw.start, 'alias');
    return { kind: 'alias', span: spanOf(raw), target };
  }

  private scalar(raw: RawNode, flow: boolean): ScalarNode {
    const scalar = resolveScalar(raw.value, raw.style, raw.tag);
    if (typeof scalar === 'string') throw errorAt('UNSUPPORTED_VALUE', this.text, raw.start, scalar);
    return { kind: 'scalar', span: spanOf(raw), scalar, style: raw.style, flow };
  }

  private map(raw: RawNode, ownComments: boolean): MapNode {
    const members: Member[] = [];
    this.mapMembers(raw, members, ownComments);
    return { kind: 'map', span: spanOf(raw), members, flow: raw.flow };
  }

  private mapMembers(raw: RawNode, members: Member[], ownComments: boolean): void {
    if (ownComments) for (const lines of [raw.head, raw.line]) this.comments(members, lines);
    const keys = new Set<string>();
    for (let i = 0; i + 1 < raw.content.length; i += 2) {
      const [key, value] = [raw.content[i], raw.content[i + 1]];
      if (!key || !value) break;
      if (this.first) this.checkKey(key, value, keys);
      this.entry(key, value, raw.flow, members);
    }
    if (ownComments) this.comments(members, raw.foot);
  }

  private entry(key: RawNode, value: RawNode, flow: boolean, members: Member[]): void {
    const leaf = value.kind === 'scalar' || value.kind === 'alias';
    this.comments(members, key.head);
    this.comments(members, key.line);
    if (leaf) this.comments(members, value.head);
    if (leaf) this.comments(members, value.line);
    const keyText = this.key(key);
    const node = this.node(value, flow, !leaf);
    if (!flow) this.signs.set(node, value.sign);
    const end = Math.max(key.end, value.end);
    members.push({ kind: 'entry', key: keyText, keySpan: spanOf(key), span: { start: key.start, end }, value: node });
    if (leaf) this.comments(members, value.foot);
    this.comments(members, key.foot);
  }

  /** go-yaml compares keys by their text, whatever their type. A merge key needs maps. */
  private checkKey(key: RawNode, value: RawNode, keys: Set<string>): void {
    const id = key.kind === 'scalar' ? key.value : `\0${key.kind} ${key.value}`;
    if (keys.has(id)) throw errorAt('DUPLICATE_KEY', this.text, key.start);
    keys.add(id);
    const untagged = key.style === 'plain' && (key.tag === '' || key.tag === '!');
    const merge = key.kind === 'scalar' && key.value === '<<' && (untagged || key.tag === '!!merge');
    if (merge && !this.isMergeable(value, true)) throw errorAt('SYNTAX', this.text, value.start, 'merge');
  }

  private isMergeable(raw: RawNode, listToo: boolean): boolean {
    const node = raw.kind === 'alias' ? this.anchors.get(raw.value)?.node : raw;
    if (node?.kind === 'map') return true;
    return listToo && raw.kind === 'list' && raw.content.every((item) => this.isMergeable(item, false));
  }

  /** The text of a key. SOPS loads other keys than strings but fails to encrypt them. */
  private key(raw: RawNode): string {
    if (raw.kind === 'scalar' && !raw.anchor && raw.style !== 'plain' && raw.tag === '') return raw.value;
    const node = this.node(raw, false, false);
    const target = node.kind === 'alias' ? node.target : node;
    const value = target.kind === 'scalar' && target.scalar.type === 'str' ? target.scalar.value : undefined;
    if (typeof value !== 'string') throw errorAt('UNSUPPORTED_VALUE', this.text, raw.start, 'key');
    return value;
  }

  private list(raw: RawNode, ownComments: boolean): ListNode {
    const items: (Node | CommentNode)[] = [];
    if (ownComments) for (const lines of [raw.head, raw.line]) this.comments(items, lines);
    for (const item of raw.content) {
      this.comments(items, item.head);
      this.comments(items, item.line);
      const node = this.node(item, raw.flow, false);
      if (!raw.flow) this.signs.set(node, item.sign);
      items.push(node);
      this.comments(items, item.foot);
    }
    if (ownComments) this.comments(items, raw.foot);
    return { kind: 'list', span: spanOf(raw), items, flow: raw.flow };
  }

  /** go-yaml drops some comments; they are kept here, in the innermost map or list around them. */
  placeLost(all: readonly Span[], documents: readonly { readonly start: number; readonly map: MapNode }[]): void {
    for (const span of all) {
      if (this.placed.has(span.start)) continue;
      const document = lastAt(documents, span.start) ?? documents[0];
      if (document) insertComment(document.map, { ...this.comment(span), lost: true });
    }
  }
}

/** The last one that starts at `offset` or before; they are in order. */
function lastAt<T extends { readonly start: number }>(all: readonly T[], offset: number): T | undefined {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return all[low - 1];
}

function insertComment(into: MapNode | ListNode, comment: CommentNode): void {
  const parts = (into.kind === 'map' ? into.members : into.items) as (Member | Node)[];
  const inside = (span: Span) => span.start <= comment.span.start && comment.span.end <= span.end;
  for (const part of parts) {
    const node = part.kind === 'entry' ? part.value : part;
    if ((node.kind === 'map' || node.kind === 'list') && inside(node.span)) return insertComment(node, comment);
  }
  const at = parts.findIndex((part) => part.span.start > comment.span.start);
  parts.splice(at === -1 ? parts.length : at, 0, comment);
}

function spanOf(raw: RawNode): Span {
  return { start: raw.start, end: raw.end };
}

/** Take the `sops` entries of a document out. */
export function splitMetadata(text: string, whole: MapNode): { map: MapNode; block: MetadataBlock | undefined } {
  const sops = whole.members.find((member) => member.kind === 'entry' && member.key === 'sops');
  if (sops?.kind !== 'entry') return { map: whole, block: undefined };
  const rest = whole.members.filter((member) => member !== sops);
  const again = rest.find((member) => member.kind === 'entry' && member.key === 'sops');
  if (again) throw errorAt('DUPLICATE_KEY', text, again.span.start, 'sops');
  const root = sops.value.kind === 'alias' ? sops.value.target : sops.value;
  if (root.kind !== 'map') throw errorAt('BAD_METADATA', text, sops.value.span.start);
  return { map: { ...whole, members: rest }, block: { span: sops.span, root } };
}

/** Refuse what go-yaml refuses: nearly all of a text made of aliases (decode.go, allowedAliasRatio). */
export function checkExpansion(documents: readonly RawDocument[]): void {
  let [all, expanded] = [0, 0];
  const anchors = new Map<string, number>();
  /** Counts a node and returns how many nodes it expands to. */
  const count = (raw: RawNode): number => {
    const target = raw.kind === 'alias' ? (anchors.get(raw.value) ?? 0) : 0;
    all += 1 + target;
    expanded += target;
    let size = 1 + target;
    for (const child of raw.content) size += count(child);
    if (raw.anchor) anchors.set(raw.anchor, size);
    return size;
  };
  for (const { root } of documents) count(root);
  if (expanded <= 100 || all <= 1000) return;
  const [low, high] = [400_000, 4_000_000];
  const share = Math.min(Math.max((all - low) / (high - low), 0), 1);
  if (expanded / all > 0.99 - 0.89 * share) throw new LockstepError('ALIAS_BOMB');
}
