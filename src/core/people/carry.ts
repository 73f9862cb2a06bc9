import { type BatchFile, type Failure, failureOf, type Watch } from '../batch/file.ts';
import { planRewrap, type Rewrap, rewrapAll } from '../batch/rewrap.ts';
import { LockstepError } from '../errors.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Disk } from '../platform/disk.ts';
import type { Clock } from '../ports.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { readSealed } from '../sops/sealed.ts';
import { sealedTextOf } from '../sops/sealedfile.ts';
import type { NewConfig, NewReaders } from './plan.ts';

/** What a plan needs to be carried out. */
interface Means {
  readonly disk: Pick<Disk, 'read'>;
  /** The keys that may be used for a file. */
  readonly keyringFor: (path: string) => Keyring;
  readonly clock: Clock;
  /** Has a person asked for what the keys of these files wait for, before the first is opened. What it throws is thrown. */
  readonly wake?: (plans: readonly Rewrap[]) => Promise<void>;
  readonly watch?: Watch;
}

/** All files of a plan in memory, proved. */
interface Prepared {
  readonly files: readonly BatchFile[];
  /** Files that none of the keys at hand opens any more: a person has to agree to that. */
  readonly lockedOut: readonly string[];
  /** Why some files cannot be changed; then nothing is to be written. */
  readonly failures: readonly Failure[];
}

/**
 * Carries out a plan in memory: `.sops.yaml` files, and encrypted files, with a new data key when `rotate`. Each file must still have the readers
 * that a person saw: CHANGED_ON_DISK among the failures otherwise. Undefined when it was cancelled.
 */
export async function prepare(
  configs: readonly NewConfig[],
  files: readonly NewReaders[],
  rotate: boolean,
  { disk, keyringFor, clock, wake, watch }: Means,
): Promise<Prepared | undefined> {
  const plans: Rewrap[] = [];
  const unread: Failure[] = [];
  for (const file of files) {
    const failure = await failureOf(file.path, async () => {
      const plan = await planOf(file, rotate, disk);
      if (plan) plans.push(plan);
    });
    if (failure) unread.push(failure);
  }
  if (unread.length === 0) await wake?.(plans);
  const done = await rewrapAll(plans, keyringFor, clock, watch);
  if (!done) return undefined;
  return {
    files: [
      ...done.ready.map(({ file }) => file),
      ...configs.map(({ path, before, after }): BatchFile => ({ path, before, config: after })),
    ],
    lockedOut: done.ready.filter((one) => one.lockedOut).map(({ file }) => file.path),
    failures: [...unread, ...done.failures],
  };
}

async function planOf({ path, before, after }: NewReaders, rotate: boolean, disk: Means['disk']) {
  const content = await disk.read(path);
  const { text, format } = sealedTextOf(path, content.bytes);
  const sealed = readSealed(text, format);
  const { groups, shamirThreshold } = sealed.metadata;
  if (namesIn(groups) !== namesIn(before)) throw new LockstepError('CHANGED_ON_DISK');
  return planRewrap(path, content, sealed, { groups: after, threshold: shamirThreshold, rotate });
}

const namesIn = (groups: readonly (readonly KeyName[])[]) =>
  JSON.stringify(groups.map((keys) => keys.map(({ kind, name }) => [kind, name])));
