import assert from 'node:assert/strict';
import { join } from 'node:path';
import { LockstepError } from '../../../src/core/errors.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { bytesOfText, textOfBytes } from '../../../src/core/format/encoding.ts';
import { rotate } from '../../../src/core/keys/rotate.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { unsealBytes } from '../../../src/core/open/unseal.ts';
import { sealBytes } from '../../../src/core/seal/seal.ts';
import type { Change } from '../../../src/core/seal/sign.ts';
import type { Leaf } from '../../../src/core/sops/sealed.ts';
import type { Path } from '../../../src/core/tree/path.ts';
import { editBytes, setPath, unsetPath } from '../../core/changes.ts';
import { extract } from '../../core/extract.ts';
import { alice, clock, later, reopen } from '../../core/support.ts';
import { requireHidden } from './canary.ts';
import { asSopsReads, cannotWrite, comparePrinted, type Plain, refusal, sameValues, valuesOf } from './compare.ts';
import { inPlace, type Ran, type Sops } from './sops.ts';

/** One encrypted file, and what both programs are to do to it. */
export interface Case extends Plain {
  /** Whether sops encrypts it, or we. */
  readonly bySops: boolean;
  /** Chooses a leaf. */
  readonly which: number;
  readonly value: string | number | boolean;
  /** For `edit`: the text that takes the place of all. */
  readonly other: string;
}

export type Operation = (format: FormatId, one: Case, sops: Sops) => Promise<void>;

/** A file to work on, opened, or undefined where one of the two refuses it: that is compared elsewhere. */
async function start(format: FormatId, one: Case, sops: Sops): Promise<{ file: string; opened: Opened } | undefined> {
  const file = await sealed(format, one, sops);
  if (file === undefined) return undefined;
  const opened = await reopen(file, format).catch(refusal);
  if (!(opened instanceof LockstepError)) return opened.verdict.ok ? { file, opened } : undefined;
  // sops prints a few files so that it cannot read them itself.
  assert.ok(
    one.bySops && (await sops.decrypt(file, format)).status !== 0,
    `sops opens its file, we do not: ${opened.message}`,
  );
  return undefined;
}

async function sealed(format: FormatId, { source, rule, bySops }: Case, sops: Sops): Promise<string | undefined> {
  const ours = await sealBytes(bytesOfText(source), format, { recipients: [alice.recipient], ...rule }, clock).catch(
    refusal,
  );
  if (ours instanceof LockstepError) return undefined;
  if (!bySops) return ours.text;
  const theirs = await sops.encrypt(asSopsReads(format, source), format, rule);
  return theirs.status === 0 ? theirs.out : undefined;
}

/**
 * Leaves that a path of sops can name: nothing in a key is escaped, and a key stands once. In lists of YAML sops counts
 * comments as items, or not, as it comes; such paths are left out.
 */
function named(opened: Opened): Leaf[] {
  const { leaves, format } = opened.sealed;
  const twice = new Set(leaves.filter(({ id }) => id.includes('#')).map(({ path }) => path[0]));
  return leaves.filter(
    ({ path, document, keySpan, around }) =>
      document === 0 &&
      keySpan &&
      !around.alias &&
      !twice.has(path[0]) &&
      path.every((part) => (typeof part === 'number' ? format === 'json' : /^[\w.-]+$/.test(part))),
  );
}

const pathText = (path: Path) => path.map((part) => (typeof part === 'number' ? `[${part}]` : `["${part}"]`)).join('');

/** Both results hold, and hold the same. */
async function compareResults(format: FormatId, ours: string, theirs: string, sops: Sops): Promise<void> {
  const plain = textOfBytes(await unsealBytes(await reopen(ours, format)));
  await comparePrinted(format, plain, ours, theirs, sops);
  const opened = await reopen(theirs, format).catch(refusal);
  // Files that sops prints so that it cannot read them itself: `comparePrinted` says which.
  if (opened instanceof LockstepError || !opened.verdict.ok)
    return assert.notEqual((await sops.decrypt(theirs, format)).status, 0, 'sops opens its file, we do not');
  const of = { file: ours, values: numbersAlike(valuesOf(await reopen(ours, format))) };
  await sameValues(format, of, { file: theirs, values: numbersAlike(valuesOf(opened)) }, sops);
}

/** A number that stands alone is a float to `sops set`, an int to us. */
const numbersAlike = (values: readonly string[]) => values.map((value) => value.replace(/ (int|float) /, ' number '));

/** `sops` and we do the same to a file and both succeed or refuse; then results are compared. */
async function both(
  format: FormatId,
  sops: Sops,
  one: Case,
  ours: Promise<Change>,
  theirs: Ran & { text: string },
): Promise<void> {
  const change = await ours.catch(refusal);
  if (!(change instanceof LockstepError)) {
    const plain = textOfBytes(await unsealBytes(await reopen(change.text, format)));
    requireHidden(format, one.rule.selector, [one.source, plain], change.text, [String(one.value)]);
  }
  if (!(change instanceof LockstepError) && cannotWrite(theirs)) return;
  if (change instanceof LockstepError || theirs.status !== 0) {
    assert.ok(change instanceof LockstepError, `sops refuses (${theirs.status}): ${theirs.err}`);
    assert.ok(theirs.status !== 0 || mayRefuse(change), `we refuse: ${change.message}`);
    return;
  }
  await compareResults(format, change.text, theirs.text, sops);
}

/** What a format cannot hold (the two characters \\n in dotenv, some quotes in INI), and what would lose its encryption. */
const mayRefuse = ({ code }: LockstepError) => ['BAD_VALUE', 'NOT_SELECTED', 'UNSUPPORTED_VALUE'].includes(code);

export const set: Operation = async (format, one, sops) => {
  const started = await start(format, one, sops);
  if (!started) return;
  const { file, opened } = started;
  const leaves = named(opened);
  const leaf = leaves[one.which % Math.max(leaves.length, 1)];
  // Every third time an entry that is not there.
  const path = leaf && one.which % 3 !== 0 ? leaf.path : [...(leaf?.path.slice(0, -1) ?? []), 'added'];
  const typed = format === 'yaml' || format === 'json';
  const json = JSON.stringify(typed ? one.value : String(one.value));
  const theirs = await inPlace(sops, format, file, (name) => ['set', name, pathText(path), json]);
  await both(format, sops, one, setPath(opened, path, json, later), theirs);
};

export const unset: Operation = async (format, one, sops) => {
  const started = await start(format, one, sops);
  if (!started) return;
  const { file, opened } = started;
  const leaves = named(opened);
  const path = leaves[one.which % Math.max(leaves.length, 1)]?.path ?? ['none'];
  const theirs = await inPlace(sops, format, file, (name) => ['unset', name, pathText(path)]);
  await both(format, sops, one, unsetPath(opened, path, later, {}), theirs);
};

export const edit: Operation = async (format, one, sops) => {
  const started = await start(format, one, sops);
  if (!started) return;
  const { file, opened } = started;
  sops.write('other', asSopsReads(format, one.other));
  // sops opens the editor again and again for a text that it cannot read, until the editor fails.
  sops.write('editor.sh', `cd '${sops.folder}' && mv other once && cp once "$1"\n`);
  const env = { SOPS_EDITOR: `sh ${join(sops.folder, 'editor.sh')}` };
  const theirs = await inPlace(sops, format, file, (name) => ['edit', name], env);
  // The same text as before: sops says so, we give no edits.
  if (theirs.status === 200) return;
  const ours = editBytes(opened, bytesOfText(one.other), later, { allowPlain: true });
  await both(format, sops, one, ours, theirs);
};

export const rotation: Operation = async (format, one, sops) => {
  const started = await start(format, one, sops);
  if (!started) return;
  const { file, opened } = started;
  const theirs = await inPlace(sops, format, file, (name) => ['rotate', '-i', name]);
  await both(format, sops, one, rotate(opened, later), theirs);
};

export const extraction: Operation = async (format, one, sops) => {
  const started = await start(format, one, sops);
  if (!started) return;
  const { file, opened } = started;
  const leaves = named(opened);
  const leaf = leaves[one.which % Math.max(leaves.length, 1)];
  const path = leaf?.path ?? ['none'];
  const theirs = await sops.decrypt(file, format, '--extract', pathText(path));
  const value = await (async () => extract(opened, path))().catch(refusal);
  if (value instanceof LockstepError) return assert.notEqual(theirs.status, 0, `we refuse: ${value.message}`);
  assert.equal(theirs.status, 0, theirs.err);
  if (value.kind !== 'scalar' || value.scalar.type !== 'str') return;
  const bytes = typeof value.scalar.value === 'string' ? bytesOfText(value.scalar.value) : value.scalar.value;
  assert.deepEqual(Buffer.from(bytesOfText(theirs.out)), Buffer.from(bytes));
};
