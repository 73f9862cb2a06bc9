import { LockstepError } from '../errors.ts';
import { applyEdits, type SourceDocument, type TextEdit } from '../format/document.ts';
import { fingerprint, nodeValue } from '../format/nodevalue.ts';
import type { Clock } from '../ports.ts';
import { type EditOptions, editUnsealed, parsePlain } from '../sops/edit.ts';
import type { Opened } from '../sops/open.ts';
import type { Change } from '../sops/sign.ts';
import { unseal } from '../sops/unseal.ts';
import type { Value } from '../tree/value.ts';
import { commentsOf } from './locate.ts';

/** A plain document while it is changed in steps: each one on its text, and the same on its values. */
export class Draft {
  doc: SourceDocument;
  #expected: Value[];
  readonly #comments: number;

  constructor(doc: SourceDocument) {
    this.doc = doc;
    this.#expected = doc.documents.map(nodeValue);
    this.#comments = commentsOf(doc).length;
  }

  /** Apply edits of the text, which come to `change` in the values of one document. */
  step(edits: readonly TextEdit[], document: number, change: (root: Value) => Value): void {
    this.doc = parsePlain(this.doc, applyEdits(this.doc.text, edits));
    this.#expected = this.#expected.map((root, i) => (i === document ? change(root) : root));
  }

  /** The values of a document. */
  value(document: number): Value {
    return this.#expected[document] ?? { kind: 'map', members: [] };
  }

  /**
   * The text must say what the values say: a slip of a writer is a refusal, never another tree.
   * @param keeps no comment may be lost.
   */
  check(keeps: boolean): void {
    const found = this.doc.documents.map(nodeValue);
    const same = found.length === this.#expected.length && found.every((root, i) => alike(root, this.#expected[i]));
    if (!same) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
    if (keeps && commentsOf(this.doc).length < this.#comments)
      throw new LockstepError('UNSUPPORTED_VALUE', { what: 'comments' });
  }
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
