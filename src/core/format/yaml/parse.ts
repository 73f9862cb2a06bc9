import type { Span } from '../document.ts';
import { errorAt, maxDepth } from '../place.ts';
import type { Lines } from './comment.ts';
import { noLines, type RawDocument, RawNode } from './node.ts';
import { type Comments, noComments, TokenSource } from './source.ts';
import type { Token } from './token.ts';

const standardTags = 'tag:yaml.org,2002:';

/** All documents of a text, by the grammar of libyaml (parserc.go) and with go-yaml's comment bookkeeping (decode.go). */
export function parseRaw(text: string): { documents: RawDocument[]; comments: Span[]; anchored: boolean } {
  const parser = new Parser(text);
  const documents = parser.stream();
  return { documents, comments: [...parser.seen, ...parser.passedOver], anchored: parser.anchors.size > 0 };
}

class Parser extends TokenSource {
  private handles = new Map<string, string>();
  /** Anchors met, true while their node is being read: an alias to that has no end. */
  readonly anchors = new Map<string, boolean>();
  private depth = 0;

  stream(): RawDocument[] {
    this.skip(this.peek());
    const documents: RawDocument[] = [];
    for (let first = true; ; first = false) {
      let token = this.peek();
      while (!first && token.type === 'document-end') {
        this.skip(token);
        token = this.peek();
      }
      if (token.type === 'stream-end') return documents;
      documents.push(this.document(token, first));
    }
  }

  private document(token: Token, first: boolean): RawDocument {
    this.handles = new Map([
      ['!', '!'],
      ['!!', standardTags],
    ]);
    const marked = token.type === 'document-start' || isDirective(token.type);
    if (!marked && !first) this.fail(token);
    const head = marked ? [] : this.documentHead();
    if (marked) this.documentStart();
    const start = marked ? this.lastEnd : token.start.index;
    const root = marked && endsDocument(this.peek()) ? this.missing(start) : this.node(true, false);
    const after = this.peek();
    if (!endsDocument(after)) this.fail(after);
    if (after.type === 'document-end') this.skip(after);
    const comments = this.take();
    const foot = comments.foot.length > 0 ? comments.foot : comments.head;
    return { start, end: after.start.index, root, head, foot, marked };
  }

  /** Comments above a blank line at the top of the first document are the document's, not its first entry's. */
  private documentHead(): Lines {
    const blank = this.head.lastIndexOf(null);
    if (blank === -1) return [];
    const head = this.head.slice(0, blank);
    this.head = this.head.slice(blank + 1);
    return head;
  }

  private documentStart(): void {
    let token = this.peek();
    const own = new Set<string>();
    for (; isDirective(token.type); token = this.peek()) {
      const handle = token.handle ?? '';
      if (own.has(handle)) this.fail(token, 'directive');
      own.add(handle);
      if (handle) this.handles.set(handle, token.value);
      this.skip(token);
    }
    if (token.type !== 'document-start') this.fail(token);
    this.skip(token);
  }

  /** A node that is not written: null. */
  private missing(at: number): RawNode {
    this.count(at);
    return new RawNode('scalar', at, at, at);
  }

  /** A node that takes the collected comments. */
  private commented(node: RawNode): RawNode {
    const comments = this.take();
    node.head = comments.head;
    node.line = comments.line;
    node.foot = comments.foot;
    return node;
  }

  private node(block: boolean, indentless: boolean): RawNode {
    if (++this.depth > maxDepth) this.fail(this.scanner.peek(), 'depth');
    const node = this.nodeInside(block, indentless);
    this.depth--;
    return node;
  }

  private nodeInside(block: boolean, indentless: boolean): RawNode {
    let token = this.peek();
    const start = token.start.index;
    this.count(start);
    const given = token.type === 'anchor' || token.type === 'tag';
    const properties = given ? this.properties() : undefined;
    if (properties) token = this.peek();
    const node = this.content(token, start, block, indentless);
    if (!node && !properties) this.fail(token);
    const found = node ?? new RawNode('scalar', start, properties?.end ?? start, properties?.end ?? start);
    if (properties && found.kind === 'alias') this.fail(token);
    if (!properties?.anchor) {
      found.tag = properties?.tag ?? '';
      return this.filled(found, token);
    }
    found.tag = properties.tag;
    found.anchor = properties.anchor;
    this.anchors.set(found.anchor, true);
    this.filled(found, token);
    this.anchors.set(found.anchor, false);
    return found;
  }

  /** A map or list with what is in it. */
  private filled(node: RawNode, token: Token): RawNode {
    if (node.kind === 'alias' && this.anchors.get(node.value)) throw errorAt('ALIAS_BOMB', this.text, node.start);
    return node.kind === 'map' || node.kind === 'list' ? this.collection(node, token) : node;
  }

  /** A scalar or alias, or the start of a map or list; undefined if neither stands here. */
  private content(token: Token, start: number, block: boolean, indentless: boolean): RawNode | undefined {
    const { type } = token;
    const at = token.start.index;
    if (type === 'scalar' || type === 'alias') {
      const node = this.commented(new RawNode(type, start, at, token.end));
      node.value = token.value;
      node.style = token.style ?? 'plain';
      this.skip(token);
      return node;
    }
    if (type === '[' || type === '{') {
      const node = this.commented(new RawNode(type === '[' ? 'list' : 'map', start, at, at));
      node.flow = true;
      return node;
    }
    if (indentless && type === 'block-entry') return new RawNode('list', start, at, at);
    if (!block || (type !== 'block-sequence-start' && type !== 'block-mapping-start')) return undefined;
    const node = new RawNode(type === 'block-sequence-start' ? 'list' : 'map', start, at, at);
    node.head = this.stem ?? noLines;
    this.stem = undefined;
    return node;
  }

  private collection(node: RawNode, token: Token): RawNode {
    if (node.flow) return node.kind === 'map' ? this.flowMap(node) : this.flowList(node);
    if (node.kind === 'map') return this.map(node);
    return this.list(node, token.type === 'block-entry' ? 'indentless' : 'block');
  }

  private properties(): { tag: string; anchor: string; end: number } {
    let tag = '';
    let anchor = '';
    let end = 0;
    for (let token = this.peek(); ; token = this.peek()) {
      if (token.type === 'anchor' && !anchor) anchor = token.value;
      else if (token.type === 'tag' && !tag) tag = this.tag(token);
      else return { tag, anchor, end };
      end = token.end;
      this.skip(token);
    }
  }

  /** A tag in the short form that go-yaml compares (`!!int`). */
  private tag(token: Token): string {
    const prefix = token.handle ? this.handles.get(token.handle) : '';
    if (prefix === undefined) this.fail(token, 'tag');
    const full = prefix + token.value;
    return full.startsWith(standardTags) ? `!!${full.slice(standardTags.length)}` : full;
  }

  private list(node: RawNode, style: 'block' | 'indentless'): RawNode {
    if (style === 'block') this.skip(this.peek());
    for (let token = this.peek(); token.type === 'block-entry'; token = this.peek()) {
      const { start, end } = token;
      const heads = this.head.length;
      this.skip(token);
      this.splitStem(heads);
      token = this.peek();
      const item = endsItem(token, style) ? this.missing(end) : this.node(true, false);
      item.sign = start.index;
      node.content.push(item);
    }
    if (style === 'block') this.endBlock();
    return this.finish(node, noComments);
  }

  private endBlock(): void {
    const token = this.peek();
    if (token.type !== 'block-end') this.fail(token);
    this.skip(token);
  }

  /** A comment above `-` heads the map or list behind it as a whole, not that one's first entry. */
  private splitStem(heads: number): void {
    if (heads === 0) return;
    const { type } = this.peek();
    if (type !== 'block-sequence-start' && type !== 'block-mapping-start') return;
    this.stem = this.head.slice(0, heads);
    this.head = this.head.slice(heads);
  }

  private map(node: RawNode): RawNode {
    this.skip(this.peek());
    for (let token = this.peek(); token.type !== 'block-end'; token = this.peek()) {
      if (token.type !== 'key') this.fail(token, 'key');
      const key = this.blockPart(token);
      const before = node.content.at(-2);
      node.content.push(key);
      if (key.foot.length > 0 && before) {
        before.foot = key.foot;
        key.foot = [];
      }
      token = this.peek();
      node.content.push(token.type === 'value' ? this.blockPart(token) : this.missing(this.lastEnd));
      raiseFoot(node.content);
    }
    const comments = this.take();
    this.endBlock();
    const last = node.content.at(-2);
    if (!last || comments.foot.length === 0) return this.finish(node, comments);
    last.foot = comments.foot;
    return this.finish(node, { ...comments, foot: [] });
  }

  /** What stands behind `?`, a simple key's start, or `:`. */
  private blockPart(sign: Token): RawNode {
    this.skip(sign);
    const { type } = this.peek();
    const empty = type === 'key' || type === 'value' || type === 'block-end';
    const node = empty ? this.missing(sign.end) : this.node(true, true);
    node.sign = sign.start.index;
    return node;
  }

  private flowList(node: RawNode): RawNode {
    this.skip(this.peek());
    let token = this.peek();
    for (let first = true; token.type !== ']'; first = false) {
      if (!first) token = this.comma(token);
      if (token.type === ']') break;
      node.content.push(token.type === 'key' ? this.pair(token) : this.node(false, false));
      token = this.peek();
    }
    return this.endFlow(node, token);
  }

  private comma(token: Token): Token {
    if (token.type !== ',') this.fail(token);
    this.skip(token);
    return this.peek();
  }

  private endFlow(node: RawNode, token: Token): RawNode {
    const comments = this.take();
    this.skip(token);
    return this.finish(node, comments);
  }

  /** `[a: b]`: a map of one entry without braces. */
  private pair(sign: Token): RawNode {
    const node = new RawNode('map', sign.start.index, sign.start.index, sign.start.index);
    node.flow = true;
    this.skip(sign);
    const key = this.flowPart(['value', ',', ']'], sign.end);
    const token = this.peek();
    const value = token.type === 'value' ? this.flowValue(token, ']') : this.missing(this.lastEnd);
    node.content.push(key, value);
    raiseFoot(node.content);
    this.peek();
    return this.finish(node, noComments);
  }

  private flowPart(ends: readonly string[], at: number): RawNode {
    return ends.includes(this.peek().type) ? this.missing(at) : this.node(false, false);
  }

  private flowValue(sign: Token, close: ']' | '}'): RawNode {
    this.skip(sign);
    return this.flowPart([',', close], sign.end);
  }

  private flowMap(node: RawNode): RawNode {
    this.skip(this.peek());
    let token = this.peek();
    for (let first = true; token.type !== '}'; first = false) {
      if (!first) token = this.comma(token);
      if (token.type === '}') break;
      if (token.type === 'key') {
        this.skip(token);
        const key = this.flowPart(['value', ',', '}'], token.end);
        const sign = this.peek();
        node.content.push(key, sign.type === 'value' ? this.flowValue(sign, '}') : this.missing(this.lastEnd));
      } else {
        const key = this.node(false, false);
        this.peek();
        node.content.push(key, this.missing(this.lastEnd));
      }
      raiseFoot(node.content);
      token = this.peek();
    }
    return this.endFlow(node, token);
  }

  /** go-yaml keeps the line and foot comments of the end only, and so loses those of the start. */
  private finish(node: RawNode, comments: Comments): RawNode {
    const lastChild = node.content.at(-1);
    node.end = node.flow ? this.lastEnd : (lastChild?.end ?? node.contentStart);
    node.line = comments.line;
    node.foot = comments.foot;
    return node;
  }
}

function endsItem({ type }: Token, style: 'block' | 'indentless'): boolean {
  if (type === 'block-entry' || type === 'block-end') return true;
  return style === 'indentless' && (type === 'key' || type === 'value');
}

/** A foot comment of a value is its entry's. */
function raiseFoot(content: RawNode[]): void {
  const [key, value] = [content.at(-2), content.at(-1)];
  if (!key || !value || key.foot.length > 0 || value.foot.length === 0) return;
  key.foot = value.foot;
  value.foot = noLines;
}

function endsDocument({ type }: Token): boolean {
  return type === 'document-start' || type === 'document-end' || type === 'stream-end' || isDirective(type);
}

function isDirective(type: Token['type']): boolean {
  return type === 'version' || type === 'tag-directive';
}
