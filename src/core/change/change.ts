import { tryUtf8 } from '../bytes.ts';
import { changeDotenvx } from '../dotenvx/change.ts';
import { LockstepError } from '../errors.ts';
import type { TextEdit } from '../format/document.ts';
import { byteOrderMark, textOfBytes, textOfFile } from '../format/encoding.ts';
import { isEnvelopeOnly } from '../format/signs.ts';
import { getFormat } from '../format/which.ts';
import type { DataKey } from '../keys/datakey.ts';
import { rotate } from '../keys/rotate.ts';
import { updateKeys } from '../keys/updatekeys.ts';
import { merge } from '../merge/apply.ts';
import { newValues } from '../merge/values.ts';
import { requireStillHidden } from '../open/hidden.ts';
import { macDigest, type Opened } from '../open/open.ts';
import { unseal } from '../open/unseal.ts';
import type { Clock } from '../ports.ts';
import { intactText, proveSwaps, requireIntact } from '../seal/prove.ts';
import { type Change, signed } from '../seal/sign.ts';
import type { Leaf } from '../sops/sealed.ts';
import { keyOf } from '../sops/value.ts';
import { type Scalar, text } from '../tree/value.ts';
import { setComment } from './comments.ts';
import { Draft } from './draft.ts';
import { plainOfEdited } from './edited.ts';
import type { ChangeOptions, Intent, Step } from './intent.ts';
import { locate, type NodeId } from './locate.ts';
import { markPlain } from './markplain.ts';
import { setPath, swappable, unsetPath, valueFor } from './paths.ts';
import { reseal } from './reseal.ts';
import { add, duplicate, move, putEntries, remove, rename, rewrite } from './steps.ts';
import { editText } from './text.ts';

/**
 * The one way to change an encrypted file. What the intent does not touch keeps its bytes; nothing is left to do gives no
 * edits. The result is proved before it is returned (`prove`).
 *
 * Throws EDIT_LOCKED unless the file's MAC holds; NO_SUCH_ENTRY, ENTRY_EXISTS, BAD_NAME, BAD_VALUE, BAD_PATH for what the
 * intent names; NOT_SELECTED, with the path, for an entry that would stand in clear text (`ChangeOptions`);
 * UNSUPPORTED_VALUE with `what`: `alias` for what has an anchor or stands below an alias, `comments` where a comment would be
 * lost, `byte-order-mark` where an entry may come to stand behind a mark that the text does not show, `structure` where the
 * text cannot be changed so; what `parse` throws for a whole text, `rotate` and `updateKeys` for keys; BAD_DATA_KEY
 * (disposed of meanwhile). A file of dotenvx: as `changeDotenvx`.
 */
export async function change(
  opened: Opened,
  wanted: Intent | readonly Step[],
  clock: Clock,
  options: ChangeOptions = {},
): Promise<Change> {
  requireIntact(opened);
  if (opened.sealed.dotenvx)
    return changeDotenvx(opened, wanted, (draft, steps) => takeAll(draft, steps, opened, true));
  if (!('kind' in wanted)) return bySteps(opened, wanted, clock, options);
  const { format, doc, leaves } = opened.sealed;
  switch (wanted.kind) {
    case 'rotate':
      return rotate(opened, clock, wanted);
    case 'readers':
      return updateKeys(opened.sealed, opened.dataKey, wanted.groups, wanted.threshold, clock);
    case 'text':
      return editText(opened, wanted.text, wanted.unseen ?? [], clock, options);
    case 'edited':
      return editText(opened, await plainOfEdited(opened, wanted.text, wanted.growing), [], clock, options);
    case 'bytes': {
      const { bytes } = wanted;
      const value = { type: 'str', value: tryUtf8(bytes) ?? bytes } as const;
      if (format === 'binary')
        return bySteps(opened, [{ kind: 'set', id: leaves[0]?.id ?? '', value }], clock, options);
      // With a mark in its first name, the clear text has it as well: taking it off is an edit.
      const marked = format === 'dotenv' && doc.text.startsWith(byteOrderMark);
      return editText(opened, marked ? textOfBytes(bytes) : textOfFile(bytes, format), [], clock, options);
    }
    default:
      return bySteps(opened, [wanted], clock, options);
  }
}

/** Values that only take the place of others are swapped; all else goes by way of the plain text, in memory. */
async function bySteps(opened: Opened, wanted: readonly Step[], clock: Clock, options: ChangeOptions): Promise<Change> {
  const steps = wanted.map(opened.sealed.format === 'binary' ? inBinary : (step) => asSet(opened, step));
  const [first] = steps;
  const merging = steps.length === 1 && first?.kind === 'merge' ? first : undefined;
  // Under one data key ciphertext can come along.
  const other = merging?.mine.dataKey.equals(opened.dataKey) ? merging.mine : undefined;
  const swapped = await swapValues(opened, (merging && newValues(opened, merging)) ?? steps, clock, other);
  if (swapped) return swapped;
  if (opened.sealed.format === 'binary') throw new LockstepError('BAD_VALUE', { what: 'binary' });
  const old = await unseal(opened);
  const draft = new Draft(old.plain, opened.sealed.metadata.selector);
  const allowPlain = options.allowPlain ?? steps.every((step) => step.kind === 'markPlain' && step.on);
  await takeAll(draft, steps, opened, allowPlain);
  draft.check();
  for (const step of steps)
    if (step.kind === 'merge' && !allowPlain) await requireStillHidden(step.mine, opened, draft.collected);
  return reseal(opened, old, draft.collected, clock, { allowPlain }, other);
}

/** `sops set` knows the value of a binary file as `data`. */
function inBinary(step: Step): Step {
  if (step.kind !== 'setPath') return step;
  const value = valueFor('binary', step.path, step.json);
  const one = step.path.length === 1 && step.path[0] === 'data' && value.kind === 'scalar' ? value.scalar : undefined;
  if (one?.type !== 'str') throw new LockstepError('BAD_VALUE', { what: 'binary' });
  return { kind: 'set', id: '[0,"data"]', value: one };
}

/**
 * The fast way for nothing but new values: each ciphertext takes the place of another, and the file need not be read again.
 * Undefined where more than that would change. @param other a version with the same data key, whose ciphertext comes along.
 */
async function swapValues(
  opened: Opened,
  steps: readonly Step[],
  clock: Clock,
  other?: Opened,
): Promise<Change | undefined> {
  const { sealed, dataKey } = opened;
  const values = new Map<NodeId, Scalar>();
  for (const step of steps) {
    if (step.kind !== 'set') return undefined;
    values.set(step.id, step.value);
  }
  const known = new Map(other?.sealed.leaves.flatMap((leaf) => (values.has(leaf.id) ? [[leaf.id, leaf]] : [])));
  const fresh = new Map<Leaf, Scalar>();
  const edits: TextEdit[] = [];
  let found = 0;
  for (const [i, leaf] of sealed.leaves.entries()) {
    const value = values.get(leaf.id);
    if (!value) continue;
    found++;
    // The text under an alias belongs to its anchor's place as well: an edit would change both.
    if (leaf.around.alias) throw new LockstepError('UNSUPPORTED_VALUE', { path: leaf.path, what: 'alias' });
    if (keyOf(opened.valueAt(i)) === keyOf(value)) continue;
    if (!leaf.selected) return undefined;
    const stored = value.type === 'null' ? value : text(await sealedFor(dataKey, leaf, value, known.get(leaf.id)));
    edits.push(...getFormat(sealed.format).writeScalar(sealed.doc, leaf.node, stored));
    fresh.set(leaf, value);
  }
  if (found < values.size) throw new LockstepError('NO_SUCH_ENTRY');
  if (edits.length === 0) return { edits, text: intactText(opened) };
  if (proveSwaps(sealed.doc, edits) === undefined) return undefined;
  const digest = await macDigest(sealed, (leaf, i) => fresh.get(leaf) ?? opened.valueAt(i));
  const all = await signed(opened, edits, digest, clock);
  const after = proveSwaps(sealed.doc, all);
  return after === undefined ? undefined : { edits: all, text: after, swapped: true };
}

/**
 * A ciphertext for an entry's place, which opens there and is what was meant. Throws UNSUPPORTED_VALUE, BAD_DATA_KEY.
 * @param other the entry in another version: its ciphertext, under the same data key, if it is one.
 */
async function sealedFor(
  key: DataKey,
  { aad, path }: Leaf,
  value: Exclude<Scalar, { type: 'null' }>,
  other?: Leaf,
): Promise<string> {
  const scalar = other?.encrypted && other.aad === aad ? other.node.scalar : undefined;
  const old = scalar?.type === 'str' && isEnvelopeOnly(String(scalar.value)) ? String(scalar.value) : undefined;
  const enc = old ?? (await key.seal(value, aad));
  // An empty text is its own ciphertext.
  if (enc === '') return enc;
  const found = await key.open(enc, aad);
  if (found.type === 'comment' || keyOf(found) !== keyOf(value))
    throw new LockstepError('UNSUPPORTED_VALUE', { path, what: 'structure' });
  return enc;
}

/** `sops set` of one value is a plain set where nothing else can come of it. */
function asSet(opened: Opened, step: Step): Step {
  return (
    (step.kind === 'setPath' && swappable(opened, step.path, valueFor(opened.sealed.format, step.path, step.json))) ||
    step
  );
}

async function takeAll(draft: Draft, steps: readonly Step[], opened: Opened, allowPlain: boolean): Promise<void> {
  for (let i = 0; i < steps.length; ) i += await take(draft, steps, i, opened, allowPlain);
}

/** Takes the step at `at`, and with it the ones behind it that can be taken at once. How many those were. */
async function take(
  draft: Draft,
  steps: readonly Step[],
  at: number,
  { sealed }: Opened,
  allowPlain: boolean,
): Promise<number> {
  const step = steps[at] as Step;
  switch (step.kind) {
    case 'set':
    case 'reword': {
      const run = steps.slice(at);
      const end = run.findIndex(({ kind }) => kind !== 'set' && kind !== 'reword');
      const these = end === -1 ? run : run.slice(0, end);
      const comments = these.flatMap((one) => (one.kind === 'reword' ? [[one.comment, one.text] as const] : []));
      // Comments are known by their order in the encrypted file.
      if (comments.length > 0 && draft.collected.comments.length !== sealed.comments.length)
        throw new LockstepError('NO_SUCH_ENTRY');
      const values = these.flatMap((one) => (one.kind === 'set' ? [[one.id, one.value] as const] : []));
      rewrite(draft, new Map(values), new Map(comments));
      return these.length;
    }
    case 'add':
      add(draft, step.to, step.members, allowPlain);
      break;
    case 'put':
      putEntries(draft, step.entries);
      break;
    case 'rename':
      rename(draft, step.id, step.key);
      break;
    case 'remove':
      remove(draft, step.ids, step.keepComments ?? false);
      break;
    case 'move':
      move(draft, step.id, step.to);
      break;
    case 'duplicate':
      duplicate(draft, step.id, step.key);
      break;
    case 'comment':
      setComment(draft, locate(draft.doc, step.id), step.text);
      break;
    case 'markPlain':
      markPlain(draft, step.id, step.on);
      break;
    case 'setPath':
      setPath(draft, step.path, step.json);
      break;
    case 'unsetPath':
      unsetPath(draft, step.path, step.idempotent ?? false);
      break;
    case 'merge':
      await merge(draft, step);
      break;
  }
  return 1;
}
