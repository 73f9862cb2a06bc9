import type { Draft } from '../change/draft.ts';
import { idOfPath, type Located, locate } from '../change/locate.ts';
import { parsePlain } from '../change/reseal.ts';
import { put, removeOne, replace } from '../change/steps.ts';
import type { Block } from '../change/structure.ts';
import { structureOf } from '../change/structures.ts';
import { changedAt, membersOf } from '../change/values.ts';
import { LockstepError } from '../errors.ts';
import type { SourceDocument, TextEdit } from '../format/document.ts';
import { fingerprint, nodeValue } from '../format/nodevalue.ts';
import { nodeAt } from '../format/place.ts';
import { comparable } from '../open/unseal.ts';
import type { Path } from '../tree/path.ts';
import type { Value } from '../tree/value.ts';
import { mergeLines } from './lines.ts';
import { type Compared, compared, type HowToMerge, nothing, type Side, withKeysKept } from './three.ts';

interface Wanted {
  readonly document: number;
  readonly path: Path;
  readonly value: Value | undefined;
}

/** What becomes of an entry, and whether that is to be put into their version. */
interface Decided extends Wanted {
  readonly isMine: boolean;
}

/**
 * Put my changes on top of their version: what only I changed, and of each conflict the side that was chosen. Their
 * ciphertext, metadata, recipients and data key stay; what comes from me is sealed with their data key.
 * Throws BAD_VALUE (`side`: one is missing), EDIT_LOCKED, and UNSUPPORTED_VALUE where my change cannot be made in their text
 * (`documents`: they have not as many).
 */
export async function merge(draft: Draft, { base, mine, sides, lines = false, keys }: HowToMerge): Promise<void> {
  draft.release();
  const before = base && (await comparable(base)).doc;
  const own = (await comparable(mine)).doc;
  const entries = compared(before ?? nothing, own, draft.doc);
  const all = decided(keys ? withKeysKept(entries, draft.doc.format, keys) : entries, sides);
  draft.admit(own);
  const texts = { base: before?.text ?? '', mine: own.text };
  if (lines && (['theirs', 'mine', 'both'] as const).some((prefer) => byLines(draft, texts, all, prefer))) return;
  const wanted = all.filter(({ isMine }) => isMine);
  if (wanted.some(({ document, path }) => document >= draft.doc.documents.length || path.length === 0))
    throw new LockstepError('UNSUPPORTED_VALUE', { what: 'documents' });
  new Merging(draft, own).run(wanted);
}

function decided(all: readonly Compared[], sides: readonly Side[]): Decided[] {
  let conflicts = 0;
  return all.map(({ entry, sides: values }) => {
    const { state, document, path } = entry;
    const side = state === 'conflict' ? sides[conflicts++] : undefined;
    if (state === 'conflict' && side === undefined) throw new LockstepError('BAD_VALUE', { path, what: 'side' });
    const isMine = state === 'mineOnly' || side === 'mine';
    return { document, path, value: isMine ? values.mine : values.theirs, isMine };
  });
}

/** The plain texts line by line, in memory. What came of it counts only if it says what was decided, entry by entry. */
function byLines(
  draft: Draft,
  { base, mine }: { readonly base: string; readonly mine: string },
  all: readonly Decided[],
  prefer: Side | 'both',
): boolean {
  const { doc } = draft;
  // Line ends are those of their version.
  const spelled = (text: string) =>
    doc.eol === '\r\n' ? text.replace(/\r?\n/g, '\r\n') : text.replaceAll('\r\n', '\n');
  const text = mergeLines(spelled(base), spelled(mine), doc.text, prefer);
  if (text === doc.text) return all.every(({ isMine }) => !isMine);
  const after = parsed(doc, text);
  if (!after || !says(after, all)) return false;
  const roots = after.documents.map(nodeValue);
  draft.step([{ start: 0, end: doc.text.length, text }], () => roots);
  return true;
}

function parsed(like: SourceDocument, text: string): SourceDocument | undefined {
  try {
    return parsePlain(like, text);
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}

/** Whether a document has these entries and no others, in any order. */
function says(doc: SourceDocument, all: readonly Decided[]): boolean {
  const found = new Map(
    compared(doc, doc, doc).flatMap(({ entry, sides: { mine } }) =>
      mine && !isEmptyRoot(entry.path, mine) ? [[placeOf(entry), fingerprint(mine)]] : [],
    ),
  );
  const wanted = all.flatMap(({ value, ...one }) =>
    value && !isEmptyRoot(one.path, value) ? { place: placeOf(one), value } : [],
  );
  return wanted.length === found.size && wanted.every(({ place, value }) => found.get(place) === fingerprint(value));
}

const isEmptyRoot = (path: Path, value: Value) =>
  path.length === 0 && value.kind === 'map' && value.members.length === 0;

const placeOf = ({ document, path }: Pick<Wanted, 'document' | 'path'>) => JSON.stringify([document, ...path]);

class Merging {
  readonly #draft: Draft;
  readonly #mine: SourceDocument;
  readonly #roots: readonly Value[];
  /** The lines of each version. */
  readonly #said: Readonly<Record<Side, ReadonlySet<string>>>;

  constructor(draft: Draft, mine: SourceDocument) {
    this.#draft = draft;
    const lines = ({ text }: SourceDocument) => new Set(text.split('\n').map((line) => line.trim()));
    this.#said = { mine: lines(mine), theirs: lines(draft.doc) };
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
    const block = this.#unsaid(
      structureOf(this.#mine.format).block(this.#mine, locate(this.#mine, idOfPath(document, path))),
    );
    const piece = depth === path.length - 1 && block ? { key, value: grown, block } : { key, value: grown };
    put(this.#draft, { document, path: parent }, node, this.#indexFor(document, parent, key), [piece]);
  }

  /** Without comment lines at its head that their version has as well, such as that of the whole file. */
  #unsaid(block: Block | undefined): Block | undefined {
    if (!block) return undefined;
    const { head, rest } = headOf(block);
    const first = head.findIndex((line) => !this.#said.theirs.has(line.trim()));
    return { ...block, lines: [...(first === -1 ? [] : head.slice(first)), ...rest].join('') };
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

  /** With the groups that it leaves empty and that I have no more, and with its comments, unless I have one of them still. */
  #remove(document: number, path: Path): void {
    let at = path;
    while (at.length > 1) {
      const up = at.slice(0, -1);
      const alone = this.#membersAt(this.#draft.value(document), up).length === 1;
      const root = this.#roots[document];
      if (!alone || (root && nodeAt<Value>(root, up) !== undefined)) break;
      at = up;
    }
    const place = this.#located({ document, path: at });
    const block = structureOf(this.#draft.doc.format).block(this.#draft.doc, place);
    const stays = block && headOf(block).head.some((line) => this.#said.mine.has(line.trim()));
    removeOne(this.#draft, place, !stays);
  }
}

/** The comment lines at the head of a block, and what follows them. */
function headOf({ lines }: Block): { readonly head: readonly string[]; readonly rest: readonly string[] } {
  const all = lines.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const first = all.findIndex((line) => !/^\s*[#;]/.test(line));
  const end = first === -1 ? all.length : first;
  return { head: all.slice(0, end), rest: all.slice(end) };
}
