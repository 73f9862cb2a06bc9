import { LockstepError } from '../errors.ts';
import type { Entry, MapNode, Node, Span } from '../format/document.ts';
import { entriesOf, itemsOf } from '../format/place.ts';

/** A node that is no alias. */
export type Target = Exclude<Node, { kind: 'alias' }>;

const followed = (node: Node): Target => (node.kind === 'alias' ? node.target : node);

/**
 * The fields of a map of `.sops.yaml`, read as go-yaml reads them into a struct: aliases followed, null as absent, and merge
 * keys (`<<`) resolved: a map's own fields come before merged ones, of those the first map that has one. What the type does
 * not fit throws BAD_CONFIG with its line.
 */
export class Fields {
  readonly node: MapNode;
  readonly #text: string;
  readonly #found = new Map<string, Target>();

  constructor(text: string, node: MapNode) {
    this.node = node;
    this.#text = text;
    this.#collect(node, new Set());
  }

  #collect(map: MapNode, seen: Set<MapNode>): void {
    // Merged once more it would add nothing, because the first one counts.
    if (seen.has(map)) return;
    seen.add(map);
    const merges: Node[] = [];
    for (const { key, keySpan, value } of entriesOf(map)) {
      if (key === '<<' && this.#text.startsWith('<<', keySpan.start)) merges.push(value);
      else if (!this.#found.has(key)) this.#found.set(key, followed(value));
    }
    for (const merge of merges.map(followed)) {
      const all = merge.kind === 'list' ? itemsOf(merge).map(followed) : [merge];
      for (const one of all) {
        if (one.kind !== 'map') throw this.bad(one);
        this.#collect(one, seen);
      }
    }
  }

  get(name: string): Target | undefined {
    const value = this.#found.get(name);
    return value?.kind === 'scalar' && value.scalar.type === 'null' ? undefined : value;
  }

  /** Every field that is there, with its value. */
  get names(): readonly string[] {
    return [...this.#found.keys()].filter((name) => this.get(name));
  }

  /** A scalar of any type as it is written; the empty text when absent. */
  string(name: string): string {
    const node = this.get(name);
    return node ? this.textOf(node) : '';
  }

  /** @param strict only strings are taken, as where SOPS decides by the type. */
  textOf(node: Target, strict = false): string {
    if (node.kind !== 'scalar' || (strict && node.scalar.type !== 'str')) throw this.bad(node);
    if (node.scalar.type === 'str') return String(node.scalar.value);
    return node.scalar.type === 'null' ? '' : this.#text.slice(node.span.start, node.span.end);
  }

  /** go-yaml takes the words of YAML 1.1 where a truth value is asked for. */
  boolean(name: string): boolean {
    const node = this.get(name);
    if (!node) return false;
    if (node.kind === 'scalar' && node.scalar.type === 'bool') return node.scalar.value;
    const word = node.kind === 'scalar' && node.scalar.type === 'str' ? String(node.scalar.value) : '';
    if (/^(?:y|Y|yes|on)$/.test(word)) return true;
    if (/^(?:n|N|no|off)$/.test(word)) return false;
    throw this.bad(node);
  }

  int(name: string): number | undefined {
    const node = this.get(name);
    if (!node) return undefined;
    if (node.kind !== 'scalar' || node.scalar.type !== 'int') throw this.bad(node);
    return Number(node.scalar.value);
  }

  /** The items of a list; none when absent. */
  items(name: string): readonly Target[] {
    const node = this.get(name);
    if (!node) return [];
    if (node.kind !== 'list') throw this.bad(node);
    return itemsOf(node).map(followed);
  }

  /** The maps of a list. */
  maps(name: string): readonly Fields[] {
    return this.items(name).map((item) => this.fields(item));
  }

  /** The map of a field, if it is there. */
  map(name: string): Fields | undefined {
    const node = this.get(name);
    return node && this.fields(node);
  }

  fields(node: Target): Fields {
    if (node.kind !== 'map') throw this.bad(node);
    return new Fields(this.#text, node);
  }

  bad(node: { readonly span: Span }): LockstepError {
    return new LockstepError('BAD_CONFIG', placeAt(this.#text, node));
  }

  /** The place of a field's value, or of the map itself without such a field. */
  placeOf(name: string): { readonly offset: number; readonly line: number } {
    return placeAt(this.#text, this.#found.get(name) ?? this.node);
  }

  /** The map's own entries, without merge keys. */
  get written(): readonly Entry[] {
    return entriesOf(this.node).filter(({ key }) => key !== '<<');
  }

  lineOf({ keySpan }: Entry): number {
    return placeAt(this.#text, { span: keySpan }).line;
  }
}

function placeAt(text: string, node: { readonly span: Span }): { readonly offset: number; readonly line: number } {
  const offset = node.span.start;
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return { offset, line };
}
