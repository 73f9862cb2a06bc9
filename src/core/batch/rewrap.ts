import { LockstepError } from '../errors.ts';
import { DataKey } from '../keys/datakey.ts';
import type { Keyring } from '../keys/keyring.ts';
import { requireStillOpens } from '../keys/proof.ts';
import { rotate as newDataKey } from '../keys/rotate.ts';
import { unwrapDataKey } from '../keys/unwrap.ts';
import { type KeyPlan, planKeys, updateKeys } from '../keys/updatekeys.ts';
import { openWith } from '../open/open.ts';
import type { FileContent } from '../platform/disk.ts';
import type { Clock } from '../ports.ts';
import { sealedBytes } from '../seal/prove.ts';
import type { Change } from '../seal/sign.ts';
import { withoutStrayMark } from '../sops/mark.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { readSealed, type Sealed } from '../sops/sealed.ts';
import { type BatchFile, type Failure, failureOf, type Watch } from './file.ts';
import { keptOpeners } from './openers.ts';

/** What is wanted of one file. */
export interface Wanted {
  readonly groups: readonly (readonly KeyName[])[];
  /** Groups that shall be needed, 0 for all. */
  readonly threshold: number;
  /** Give it a new data key too: whoever is removed then knows none that the file ever has again. */
  readonly rotate?: boolean;
}

/** One file that gets other readers, or a new data key, or both: made out without any key, so that a person can look at it first. */
export interface Rewrap {
  /** Absolute. */
  readonly path: string;
  readonly before: FileContent;
  readonly sealed: Sealed;
  readonly plan: KeyPlan;
  readonly rotate: boolean;
}

/** @param sealed what the bytes hold. Undefined when nothing would change. Throws as `planKeys`. */
export function planRewrap(path: string, before: FileContent, sealed: Sealed, wanted: Wanted): Rewrap | undefined {
  const plan = planKeys(sealed.metadata, wanted.groups, wanted.threshold);
  const rotate = wanted.rotate ?? false;
  return plan.changed || rotate ? { path, before, sealed, plan, rotate } : undefined;
}

/** Proved, and ready to be written. */
export interface Rewrapped {
  readonly file: BatchFile;
  /** None of the keys at hand opens it any more: LOCKED_OUT. A person has to agree to that. */
  readonly lockedOut: LockstepError | undefined;
}

/**
 * Carries out many plans in memory, each with the keys that may be used for its file: each file is opened, its readers or its data key are changed, and the result is opened again by
 * a key at hand. Nothing is written. What cannot be done is among the failures, for every file; undefined when it was cancelled.
 */
export async function rewrapAll(
  plans: readonly Rewrap[],
  keys: Keyring | ((path: string) => Keyring),
  clock: Clock,
  watch: Watch = {},
): Promise<{ readonly ready: readonly Rewrapped[]; readonly failures: readonly Failure[] } | undefined> {
  const ready: Rewrapped[] = [];
  const failures: Failure[] = [];
  for (const [i, plan] of plans.entries()) {
    if (watch.cancelled?.()) return undefined;
    const kept = keptOpeners(typeof keys === 'function' ? keys(plan.path) : keys);
    const failure = await failureOf(plan.path, async () => void ready.push(await rewrap(plan, kept, clock)));
    kept.dispose();
    if (failure) failures.push(failure);
    watch.progress?.('prepare', i + 1, plans.length);
  }
  return { ready, failures };
}

async function rewrap(one: Rewrap, keyring: Keyring, clock: Clock): Promise<Rewrapped> {
  const { path, before, sealed } = one;
  const { text, read } = await changed(one, keyring, clock);
  const lockedOut = await requireStillOpens(text, sealed.format, keyring, read).then(
    () => undefined,
    (error) => {
      if (error instanceof LockstepError && error.code === 'LOCKED_OUT') return error;
      throw error;
    },
  );
  return { file: { path, before, sealed: sealedBytes(text) }, lockedOut };
}

async function changed({ sealed, plan, rotate }: Rewrap, keyring: Keyring, clock: Clock): Promise<Change> {
  const { raw, entries } = await unwrapDataKey(sealed.metadata, keyring);
  const key = await DataKey.from(raw, entries);
  try {
    const rewrapped = await updateKeys(sealed, key, plan.groups, plan.threshold.after, clock);
    return rotate ? await rotated(rewrapped, sealed, key, clock) : rewrapped;
  } finally {
    key.dispose();
  }
}

/** On top of the new readers, so that whoever is removed knows no data key that the file ever had with them gone. */
async function rotated({ text, read }: Change, { format }: Sealed, key: DataKey, clock: Clock): Promise<Change> {
  const sealed = await withoutStrayMark(read ?? readSealed(text, format), key);
  return newDataKey(await openWith(sealed, key), clock);
}
