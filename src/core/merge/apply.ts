import type { Draft } from '../change/draft.ts';
import { idOfPath, type Located, locate } from '../change/locate.ts';
import { put, removeOne, replace } from '../change/steps.ts';
import { structureOf } from '../change/structures.ts';
import { changedAt, membersOf } from '../change/values.ts';
import { LockstepError } from '../errors.ts';
import type { SourceDocument, TextEdit } from '../format/document.ts';
import { nodeValue } from '../format/nodevalue.ts';
import { nodeAt } from '../format/place.ts';
import type { Opened } from '../open/open.ts';
import { unseal } from '../open/unseal.ts';
import type { Path } from '../tree/path.ts';
import type { Value } from '../tree/value.ts';
import { compared, type Side } from './three.ts';

interface Wanted {
  readonly document: number;
  readonly path: Path;
  readonly value: Value | undefined;
}

/**
 * Put my changes on top of their version: what only I changed, and of each conflict the side that was chosen. Their
 * ciphertext, metadata, recipients, comments and data key stay; what comes from me is sealed with their data key.
 * @param sides one for each entry of `mergeThree` whose state is `conflict`, in that order.
 * Throws BAD_VALUE (`side`: one is missing), EDIT_LOCKED, and UNSUPPORTED_VALUE where my change cannot be made in their text
 * (`documents`: they have not as many).
 */
export async function merge(draft: Draft, base: Opened, mine: Opened, sides: readonly Side[]): Promise<void> {
  draft.release();
  const before = (await unseal(base)).plain.doc;
  const own = (await unseal(mine)).plain.doc;
  const wanted = chosen(before, own, draft.doc, sides);
  if (wanted.some(({ document, path }) => document >= draft.doc.documents.length || path.length === 0))
    throw new LockstepError('UNSUPPORTED_VALUE', { what: 'documents' });
  draft.admit(own);
  new Merging(draft, own).run(wanted);
}

/** What has to be changed in their version. */
function chosen(base: SourceDocument, mine: SourceDocument, theirs: SourceDocument, sides: readonly Side[]): Wanted[] {
  const wanted: Wanted[] = [];
  let conflicts = 0;
  for (const { entry, sides: values } of compared(base, mine, theirs)) {
    const { state, document, path } = entry;
    const side = state === 'conflict' ? sides[conflicts++] : undefined;
    if (state === 'conflict' && side === undefined) throw new LockstepError('BAD_VALUE', { path, what: 'side' });
    if (state === 'mineOnly' || side === 'mine') wanted.push({ document, path, value: values.mine });
  }
  return wanted;
}

class Merging {
  readonly #draft: Draft;
  readonly #mine: SourceDocument;
  readonly #roots: readonly Value[];

  constructor(draft: Draft, mine: SourceDocument) {
    this.#draft = draft;
    this.#mine = mine;
    this.#roots = mine.documents.map(nodeValue);
  }

  run(wanted: readonly Wanted[]): void {
    const isThere = ({ document, path }: Wanted) => nodeAt<Value>(this.#draft.value(document), path) !== undefined;
    const [there, missing] = [wanted.filter(isThere), wanted.filter((one) => !isThere(one))];
    this.#scalars(there.filter((one) => this.#isScalar(one)));
    for (const one of there) if (one.value && !this.#isScalar(one)) replace(this.#draft, this.#located(one), one.value);
    for (const one of missing) if (one.value) this.#add(one.document, one.path, one.value);
    for (const one of there) if (!one.value) this.#remove(one.document, one.path);
  }

  #isScalar({ document, path, value }: Wanted): boolean {
    return value?.kind === 'scalar' && nodeAt<Value>(this.#draft.value(document), path)?.kind === 'scalar';
  }

  /** All values at once: none of them moves another. */
  #scalars(wanted: readonly Wanted[]): void {
    const { doc } = this.#draft;
    const structure = structureOf(doc.format);
    const documents = new Set(wanted.map((one) => one.document));
    for (const document of documents) {
      const here = wanted.filter((one) => one.document === document);
      const edits: TextEdit[] = here.flatMap(({ path, value }) =>
        value ? structure.replace(this.#draft.doc, this.#located({ document, path }), value) : [],
      );
      this.#draft.stepIn({ document }, edits, (root) =>
        here.reduce((tree, { path, value }) => (value ? changedAt(tree, path, () => value) : tree), root),
      );
    }
  }

  #located({ document, path }: Pick<Wanted, 'document' | 'path'>): Located {
    return locate(this.#draft.doc, idOfPath(document, path));
  }

  /** Into the group that is there, behind what stands before it in my version, with the groups on the way. */
  #add(document: number, path: Path, value: Value): void {
    const root = this.#draft.value(document);
    let depth = path.length - 1;
    while (nodeAt<Value>(root, path.slice(0, depth)) === undefined) depth--;
    const parent = path.slice(0, depth);
    const key = path[depth];
    const { node } = this.#located({ document, path: parent });
    if (node.kind !== 'map' || typeof key !== 'string')
      throw new LockstepError('UNSUPPORTED_VALUE', { path, what: 'structure' });
    const grown = path
      .slice(depth + 1)
      .reduceRight<Value>((inner, part) => ({ kind: 'map', members: [{ key: String(part), value: inner }] }), value);
    // With my comments above it.
    const block = structureOf(this.#mine.format).block(this.#mine, locate(this.#mine, idOfPath(document, path)));
    const piece = depth === path.length - 1 && block ? { key, value: grown, block } : { key, value: grown };
    put(this.#draft, { document, path: parent }, node, this.#indexFor(document, parent, key), [piece]);
  }

  #indexFor(document: number, parent: Path, key: string): number {
    const mine = this.#membersAt(this.#roots[document], parent);
    const theirs = this.#membersAt(this.#draft.value(document), parent);
    const before = mine.slice(0, mine.indexOf(key)).reverse();
    const above = before.map((name) => theirs.indexOf(name)).find((index) => index !== -1);
    return above === undefined ? (before.length === 0 ? 0 : theirs.length) : above + 1;
  }

  #membersAt(root: Value | undefined, path: Path): (string | undefined)[] {
    const group = root && nodeAt<Value>(root, path);
    return (group && membersOf(group)?.map((member) => member.key)) ?? [];
  }

  /** With the groups that it leaves empty and that I have no more. */
  #remove(document: number, path: Path): void {
    let at = path;
    while (at.length > 1) {
      const up = at.slice(0, -1);
      const alone = this.#membersAt(this.#draft.value(document), up).length === 1;
      const root = this.#roots[document];
      if (!alone || (root && nodeAt<Value>(root, up) !== undefined)) break;
      at = up;
    }
    removeOne(this.#draft, this.#located({ document, path: at }));
  }
}
