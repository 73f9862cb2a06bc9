import type { BatchFile } from '../../core/batch/file.ts';
import { LockstepError } from '../../core/errors.ts';
import { prepare } from '../../core/people/carry.ts';
import type { NewConfig, NewReaders, Obstacle } from '../../core/people/plan.ts';
import type { Call } from '../call.ts';
import { machineOf, noneWritten, requireQuietGit, tellFailures, writeMany } from '../files/many.ts';
import { keyringOf } from '../keys/keyring.ts';
import { agreeToLockOut } from '../keys/readers.ts';
import type { Team } from './team.ts';

/** A change of `.sops.yaml` and of many files. */
interface Change {
  readonly verb: 'people grant' | 'people revoke';
  readonly configs: readonly NewConfig[];
  readonly files: readonly NewReaders[];
  /** New data keys. */
  readonly rotate: boolean;
  /** Other files that come with it. */
  readonly more?: readonly BatchFile[];
}

/** Carries out a change that a person agreed to: all of it, or nothing. Throws Failure, after each file that holds it up was told. */
export async function carryOut(call: Call, team: Team, change: Change): Promise<void> {
  const { root, label } = team;
  const { verb, configs, files, rotate } = change;
  await requireQuietGit(call, root);
  const { disk } = machineOf(call.io);
  const prepared = await prepare(configs, files, rotate, {
    disk,
    clock: call.io.clock,
    keyringFor: () => keyringOf(call),
  });
  if (!prepared) return;
  await refuse(call, team, { verb, obstacles: prepared.failures }, files.length);
  const [lockedOut] = prepared.lockedOut;
  const more = prepared.lockedOut.length - 1;
  if (lockedOut !== undefined)
    await agreeToLockOut(
      call,
      label(lockedOut) + (more > 0 ? ` and ${more} more` : ''),
      new LockstepError('LOCKED_OUT'),
    );
  await writeMany(call, root, verb, [...prepared.files, ...(change.more ?? [])], verb);
}

/** Throws Failure when there are any, after each was told; nothing is written then. @param all how many files there are. */
export async function refuse(
  call: Call,
  { label }: Team,
  { verb, obstacles }: { readonly verb: string; readonly obstacles: readonly Obstacle[] },
  all: number,
): Promise<void> {
  if (obstacles.length === 0) return;
  const named = obstacles.map(({ path, error }) => ({ path: label(path), error }));
  await tellFailures(call, named, verb);
  throw noneWritten(obstacles.length, all, 'Mend those files first: access is changed for all of them at once.');
}
