import { LockstepError } from '../errors.ts';
import { applyEdits, type SourceDocument, type TextEdit } from '../format/document.ts';
import { fingerprint, nodeValue } from '../format/nodevalue.ts';
import { commentsOf } from '../format/place.ts';
import type { Opened } from '../open/open.ts';
import { unseal } from '../open/unseal.ts';
import type { Clock } from '../ports.ts';
import type { Change } from '../seal/sign.ts';
import type { Value } from '../tree/value.ts';
import { type EditOptions, editUnsealed, parsePlain } from './edit.ts';

/** A plain document while it is changed in steps: each one on its text, and the same on its values. */
export class Draft {
  doc: SourceDocument;
  #expected: Value[];
  /** The lines of comments that may be there: those that were, and those that steps put. */
  readonly #said: string[];
  readonly #before: number;

  constructor(doc: SourceDocument) {
    this.doc = doc;
    this.#expected = doc.documents.map(nodeValue);
    this.#said = linesSaid(doc);
    this.#before = this.#said.length;
  }

  /**
   * Apply edits of the text, which come to `change` in the values of one document. @param says the lines of a comment that
   * they put.
   */
  step(
    edits: readonly TextEdit[],
    document: number,
    change: (root: Value) => Value,
    says: readonly string[] = [],
  ): void {
    this.#said.push(...says.map(bareLine));
    this.doc = parsePlain(this.doc, applyEdits(this.doc.text, edits));
    this.#expected = this.#expected.map((root, i) => (i === document ? change(root) : root));
  }

  /** Comments of another version of the file may come along with its entries. */
  admit(other: SourceDocument): void {
    this.#said.push(...linesSaid(other));
  }

  /** The values of a document. */
  value(document: number): Value {
    return this.#expected[document] ?? { kind: 'map', members: [] };
  }

  /**
   * The text must say what the values say: a slip of a writer is a refusal, never another tree.
   * No comment may say what none said before: it would be a part of a value. @param keeps none may be lost either.
   */
  check(keeps: boolean): void {
    const found = this.doc.documents.map(nodeValue);
    const same = found.length === this.#expected.length && found.every((root, i) => alike(root, this.#expected[i]));
    if (!same) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
    const said = linesSaid(this.doc);
    if ((keeps && said.length < this.#before) || !isPart(said, this.#said))
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

function alike(a: Value, b: Value | undefined): boolean {
  return b !== undefined && fingerprint(a) === fingerprint(b);
}

/**
 * Change the tree of an opened file in steps, and seal the result as `editText` does. Throws what `change` and `editText`
 * throw, and UNSUPPORTED_VALUE where the text cannot be changed that way.
 * @param keeps every comment has to stay.
 */
export async function changeTree(
  opened: Opened,
  change: (draft: Draft) => void,
  keeps: boolean,
  clock: Clock,
  options: EditOptions = {},
): Promise<Change> {
  const old = await unseal(opened);
  const draft = new Draft(old.plain.doc);
  change(draft);
  draft.check(keeps);
  return editUnsealed(opened, old, draft.doc, clock, options);
}
