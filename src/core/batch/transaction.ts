import { LockstepError } from '../errors.ts';
import { hashOf } from '../hash.ts';
import { publicMode, type Staged } from '../platform/disk.ts';
import type { Clock } from '../ports.ts';
import { type BatchFile, bytesOf, type Failure, failureOf, type Machine, type Outcome, type Watch } from './file.ts';
import { writeJournal } from './journal.ts';
import { nameFrom } from './places.ts';
import { forSome } from './some.ts';

/** Where and what a change of many files is. */
interface Batch {
  /** The folder that holds all of the files, absolute: its `.lockstep` gets the journal. */
  readonly root: string;
  /** What is being done, in a few words for a person who finds it unfinished. */
  readonly what: string;
  readonly files: readonly BatchFile[];
}

/** A file with the bytes that it gets, beside it on the disk. */
interface Ready {
  readonly file: BatchFile;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly after: string;
  staged?: Staged;
}

/** Stopped on purpose. */
class Cancelled extends Error {}

/**
 * Writes many files as one change: all of them or none. Everything that can fail is tried before the first file is replaced:
 * each must be what it was when it was read, writable, inside the root, and without unsaved edits; the new bytes are beside each
 * file, and the journal holds the old and the new ones. If a file then cannot be replaced after all, those before it are put
 * back. After a kill in the middle `recover` finishes the change or puts everything back. Throws only what is nobody's fault.
 */
export async function writeAll(machine: Machine, batch: Batch, clock: Clock, watch: Watch = {}): Promise<Outcome> {
  const { root } = batch;
  const { ready, failures } = await looked(machine, batch);
  if (failures.length > 0) return { kind: 'refused', failures };
  if (ready.length === 0) return { kind: 'done', files: [] };
  if (watch.cancelled?.()) return { kind: 'cancelled' };
  const begun = await fails(batch, () => begin(machine, batch, ready, clock));
  if (begun) return { kind: 'refused', failures: [begun] };
  const held = await stageAll(machine, ready, watch);
  if (held) {
    await Promise.all(ready.map(({ staged }) => staged?.discard()));
    await end(machine, root);
    return held;
  }
  const written: Ready[] = [];
  const failure = await commitAll(ready, written, watch);
  if (!failure) {
    // As long as a rename could be lost, the journal has to be there.
    const lost = await failureOf(root, () => machine.disk.syncFolders(written.map(({ file }) => file.path)));
    if (!lost) await end(machine, root);
    return { kind: 'done', files: ready.map(({ file }) => file.path) };
  }
  await Promise.all(ready.map((one) => (written.includes(one) ? undefined : one.staged?.discard())));
  const left = await putBack(machine, written);
  if (left.length === 0) {
    await end(machine, root);
    return { kind: 'put-back', failures: [failure] };
  }
  const isNew = new Set(left.map(({ path }) => path));
  const paths = ready.map(({ file }) => file.path);
  const rest = paths.filter((path) => !isNew.has(path));
  return { kind: 'half', failures: [failure, ...left], written: [...isNew], rest };
}

/** A journal that cannot be removed now is by the next start, which finds nothing left to do. */
const end = ({ journals }: Machine, root: string) => failureOf(root, () => journals.remove(root));

/** Every file of the batch, and why some cannot be written. Nothing is touched. */
async function looked(machine: Machine, { root, files }: Batch): Promise<{ ready: Ready[]; failures: Failure[] }> {
  const failures: Failure[] = [];
  const found: (Ready | undefined)[] = [];
  const real = new Set<string>();
  await forSome(files, async (file, i) => {
    const failure = await failureOf(file.path, async () => {
      const ready = await look(machine, root, file);
      if (ready && real.has(ready.name)) throw new LockstepError('NOT_A_FILE', { what: 'twice' });
      if (ready) real.add(ready.name);
      found[i] = ready;
    });
    if (failure) failures.push(failure);
  });
  return { ready: found.filter((one) => one !== undefined), failures };
}

/** Undefined for a file that has the new bytes already. Whether it is still what was read is looked at once the new bytes are beside it. */
async function look({ disk, journals }: Machine, root: string, file: BatchFile): Promise<Ready | undefined> {
  const { path, before } = file;
  const name = nameFrom(root, path);
  if (name === undefined || ('config' in file && !mayBeConfig(name)))
    throw new LockstepError('NOT_A_FILE', { what: 'outside' });
  const real = await journals.real(path);
  if (real !== path)
    throw new LockstepError('NOT_A_FILE', { what: nameFrom(root, real) === undefined ? 'outside' : 'link' });
  if (!before && (await disk.readIfThere(path))) throw new LockstepError('CHANGED_ON_DISK');
  const bytes = bytesOf(file);
  const after = hashOf(bytes);
  return after === before?.hash ? undefined : { file, name, bytes, after };
}

/** Files without secrets that a batch may write. */
const mayBeConfig = (name: string) => /(?:^|\/)\.sops\.yaml$/.test(name) || /(?:^|\/)\.lockstep\//.test(name);

async function begin(
  { journals }: Machine,
  { root, what }: Batch,
  ready: readonly Ready[],
  clock: Clock,
): Promise<void> {
  const files = ready.map(({ file, name, bytes, after }) => {
    const wasPlain = 'wasPlain' in file && file.wasPlain;
    return { path: name, before: file.before?.hash, after, old: wasPlain ? undefined : file.before?.bytes, new: bytes };
  });
  const journal = { what, process: journals.self, started: clock.now().toISOString(), files };
  await journals.write(root, await writeJournal(journal, async (body) => (await journals.seal(root, body)) ?? ''));
}

/** Undefined when all is ready to be replaced; else nothing was. */
async function stageAll({ disk }: Machine, ready: readonly Ready[], watch: Watch): Promise<Outcome | undefined> {
  const failures: Failure[] = [];
  const go = () => {
    if (watch.cancelled?.()) throw new Cancelled();
  };
  const stage = async (one: Ready) => {
    go();
    const { file, bytes } = one;
    const failure = await failureOf(file.path, async () => {
      const newMode = 'config' in file ? publicMode : 0o600;
      one.staged = await disk.stage(file.path, bytes, { newMode, unsynced: true });
    });
    if (failure) failures.push(failure);
  };
  const check = async ({ file, staged }: Ready) => {
    go();
    const failure = await failureOf(file.path, () => staged?.check(file.before?.hash) ?? Promise.resolve());
    if (failure) failures.push(failure);
  };
  try {
    await forSome(ready, stage);
    if (failures.length === 0) await forSome(ready, check);
    go();
  } catch (error) {
    if (error instanceof Cancelled) return { kind: 'cancelled' };
    throw error;
  }
  for (const { file } of ready)
    if (watch.unsaved?.(file.path))
      failures.push({ path: file.path, error: new LockstepError('CHANGED_ON_DISK', { what: 'unsaved' }) });
  return failures.length > 0 ? { kind: 'refused', failures } : undefined;
}

/** One after the other, in the order given; those that were replaced are put into `written`. Why one was not. */
async function commitAll(ready: readonly Ready[], written: Ready[], watch: Watch): Promise<Failure | undefined> {
  for (const one of ready) {
    const { file, staged } = one;
    const failure = await failureOf(file.path, async () => {
      await staged?.commit(file.before?.hash);
      written.push(one);
    });
    if (failure) return failure;
    watch.progress?.('write', written.length, ready.length);
  }
  return undefined;
}

/** What could not be put back, and why. */
async function putBack({ disk, journals }: Machine, written: readonly Ready[]): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const { file, after } of written.toReversed()) {
    const { path, before } = file;
    const clear = 'wasPlain' in file && file.wasPlain === true;
    const failure = await failureOf(path, () =>
      before ? disk.write(path, before.bytes, after, { clear }) : journals.unlink(path),
    );
    if (failure) failures.push(failure);
  }
  return failures;
}

const fails = ({ root }: Batch, work: () => Promise<void>) => failureOf(root, work);
