import { LockstepError } from '../errors.ts';
import { applyEdits, type Node, type SourceDocument, type TextEdit } from '../format/document.ts';
import { nodeValue } from '../format/nodevalue.ts';
import { commentsOf, entriesOf, itemsOf } from '../format/place.ts';
import { type Collected, collect } from '../sops/sealed.ts';
import type { Selector } from '../sops/selection.ts';
import { keyOf } from '../sops/value.ts';
import type { Value } from '../tree/value.ts';
import { parsePlain } from './reseal.ts';

/** A plain document while it is changed in steps: each one on its text, and the same on its values. */
export class Draft {
  readonly selector: Selector;
  #plain: SourceDocument;
  #collected: Collected | undefined;
  #expected: readonly Value[];
  /** The lines of comments that may be there: those that were, and those that steps put. */
  readonly #said: string[];
  /** How many of them there have to be. */
  #least: number;

  constructor(plain: Collected, selector: Selector) {
    this.selector = selector;
    this.#plain = plain.doc;
    this.#collected = plain;
    this.#expected = plain.doc.documents.map(nodeValue);
    this.#said = linesSaid(plain.doc);
    this.#least = this.#said.length;
  }

  get doc(): SourceDocument {
    return this.#plain;
  }

  /** Its leaves and comments as the file's selector sees them. */
  get collected(): Collected {
    this.#collected ??= collect(this.#plain, this.selector);
    return this.#collected;
  }

  /**
   * Apply edits of the text, which come to `change` in the values of all documents. @param says the lines of a comment that
   * they put.
   */
  step(
    edits: readonly TextEdit[],
    change: (roots: readonly Value[]) => readonly Value[] = (roots) => roots,
    says: readonly string[] = [],
  ): void {
    for (const line of says) this.#said.push(bareLine(line));
    this.#plain = parsePlain(this.#plain, applyEdits(this.#plain.text, edits));
    this.#collected = undefined;
    this.#expected = change(this.#expected);
  }

  /** The same where they change the values of one document. */
  stepIn(
    { document }: { readonly document: number },
    edits: readonly TextEdit[],
    change: (root: Value) => Value,
  ): void {
    this.step(edits, (roots) => roots.map((root, i) => (i === document ? change(root) : root)));
  }

  /** Comments of another version of the file may come along with its entries. */
  admit(other: SourceDocument): void {
    for (const line of linesSaid(other)) this.#said.push(line);
  }

  /** Comments may go: the step that calls this takes some out. */
  release(): void {
    this.#least = 0;
  }

  /** The values of a document. */
  value(document: number): Value {
    return this.#expected[document] ?? { kind: 'map', members: [] };
  }

  /**
   * The text must say what the values say: a slip of a writer is a refusal, never another tree.
   * No comment may say what none said before: it would be a part of a value. Throws UNSUPPORTED_VALUE.
   */
  check(): void {
    const { documents } = this.#plain;
    const same =
      documents.length === this.#expected.length && documents.every((root, i) => holds(root, this.#expected[i]));
    if (!same) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
    const said = linesSaid(this.#plain);
    if (said.length < this.#least || !isPart(said, this.#said))
      throw new LockstepError('UNSUPPORTED_VALUE', { what: 'comments' });
  }
}

/** The lines of all comments. INI makes one comment of several, and of other lines when something moves. */
function linesSaid(doc: SourceDocument): string[] {
  return commentsOf(doc).flatMap(({ text }) =>
    doc.format === 'ini' ? text.split('\n').map(bareLine) : [bareLine(text)],
  );
}

/** Without the signs and blanks that change with the place. */
function bareLine(line: string): string {
  return line.replace(/^[#; \t]+/, '').trim();
}

/** Whether each of these is among those, as often. */
function isPart(these: readonly string[], those: readonly string[]): boolean {
  const left = new Map<string, number>();
  for (const one of those) left.set(one, (left.get(one) ?? 0) + 1);
  return these.every((one) => {
    const n = left.get(one) ?? 0;
    left.set(one, n - 1);
    return n > 0;
  });
}

/** Whether a node says what a value does: type, order and spelling of keys count. */
function holds(node: Node, value: Value | undefined): boolean {
  if (node.kind === 'alias') return holds(node.target, value);
  if (node.kind === 'scalar') return value?.kind === 'scalar' && keyOf(node.scalar) === keyOf(value.scalar);
  if (node.kind === 'list') {
    const items = itemsOf(node);
    return (
      value?.kind === 'list' &&
      items.length === value.items.length &&
      items.every((one, i) => holds(one, value.items[i]))
    );
  }
  const entries = entriesOf(node);
  if (value?.kind !== 'map' || entries.length !== value.members.length) return false;
  return entries.every((one, i) => one.key === value.members[i]?.key && holds(one.value, value.members[i].value));
}
