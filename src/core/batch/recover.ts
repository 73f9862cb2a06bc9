import { LockstepError } from '../errors.ts';
import { type Failure, failureOf, type Machine, type Watch } from './file.ts';
import { type Journal, type JournalFile, readJournal } from './journal.ts';
import { pathFrom } from './places.ts';
import { forSome } from './some.ts';

/** What has become of a change of many files that was not ended. Paths are absolute. */
export type Recovery =
  /** `files` have the new bytes, or the old ones. `changed`: somebody else changed these meanwhile; they are as they were found. */
  | {
      readonly kind: 'finished' | 'put-back';
      readonly what: string;
      readonly files: readonly string[];
      readonly changed: readonly string[];
    }
  /** No file had been replaced, or none still was. */
  | { readonly kind: 'untouched'; readonly what: string }
  /** Another process is at it right now. */
  | { readonly kind: 'running'; readonly what: string }
  /** Nothing was done, because these files have unsaved edits in an editor. */
  | { readonly kind: 'waiting'; readonly what: string; readonly files: readonly string[] }
  /** These could not be written. The journal stays. */
  | { readonly kind: 'stuck'; readonly what: string; readonly failures: readonly Failure[] }
  /** Nothing was done: the journal is not this user's of this machine and folder, or is damaged. `error` says which. */
  | { readonly kind: 'unusable'; readonly error: LockstepError };

/** `new` and `old` are the journal's bytes; `other` is anything else, also no file at all where there was one. */
type State = 'new' | 'old' | 'other';

interface Found extends JournalFile {
  readonly at: string;
  readonly state: State;
}

/**
 * Finishes a change of many files that was not ended, or puts everything back: undefined where there is none. It is finished
 * when every file is still the old one or the new one. When somebody changed one meanwhile, the others are put back, so that no
 * file is left ahead of it. Nothing is written on the word of a journal that this user on this machine did not write.
 */
export async function recover(machine: Machine, root: string, watch: Watch = {}): Promise<Recovery | undefined> {
  const { journals } = machine;
  let journal: Journal;
  try {
    const bytes = await journals.read(root);
    if (!bytes) return undefined;
    journal = await readJournal(bytes, (body) => journals.seal(root, body));
    await requireInside(machine, root, journal);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return { kind: 'unusable', error };
  }
  const { what } = journal;
  if (journals.runs(journal.process)) return { kind: 'running', what };
  const found = await stateOf(machine, root, journal);
  const unsaved = found.filter(({ at }) => watch.unsaved?.(at)).map(({ at }) => at);
  if (unsaved.length > 0) return { kind: 'waiting', what, files: unsaved };
  await Promise.all(found.map(({ at }) => journals.clean(at)));
  if (!found.some(({ state }) => state === 'new')) {
    await journals.remove(root);
    return { kind: 'untouched', what };
  }
  return settle(machine, root, what, found);
}

async function settle(machine: Machine, root: string, what: string, found: readonly Found[]): Promise<Recovery> {
  const { disk, journals } = machine;
  const changed = found.filter(({ state }) => state === 'other').map(({ at }) => at);
  // Of what was plaintext the old bytes are nowhere, so the way back is closed.
  const back = changed.length > 0 && found.every(({ state, before, old }) => state !== 'new' || !before || old);
  const failures: Failure[] = [];
  await forSome(found, async ({ at, state, before, after, old, new: next }) => {
    if (state !== (back ? 'new' : 'old')) return;
    const failure = await failureOf(at, () => {
      if (!back) return disk.write(at, next, before, { newMode: 0o644 });
      return old ? disk.write(at, old, after) : journals.unlink(at);
    });
    if (failure) failures.push(failure);
  });
  if (failures.length > 0) return { kind: 'stuck', what, failures };
  await journals.remove(root);
  const files = found.filter(({ state }) => state !== 'other').map(({ at }) => at);
  return { kind: back ? 'put-back' : 'finished', what, files, changed };
}

/** Throws BAD_JOURNAL for a file that is outside by now, by way of a link. */
async function requireInside({ journals }: Machine, root: string, { files }: Journal): Promise<void> {
  for (const { path } of files) {
    const at = pathFrom(root, path);
    if ((await journals.real(at)) !== at) throw new LockstepError('BAD_JOURNAL', { what: 'path' });
  }
}

async function stateOf({ disk }: Machine, root: string, { files }: Journal): Promise<Found[]> {
  const found: Found[] = [];
  await forSome(files, async (file, i) => {
    const at = pathFrom(root, file.path);
    const hash = await disk.readIfThere(at).then(
      (content) => content?.hash,
      () => 'unreadable',
    );
    const state = hash === file.after ? 'new' : hash === file.before ? 'old' : 'other';
    found[i] = { ...file, at, state };
  });
  return found;
}
