import { writeAll } from '../../core/batch/transaction.ts';
import type { BatchFile, Failure as Failed } from '../../core/batch/file.ts';
import { LockstepError } from '../../core/errors.ts';
import { prepare } from '../../core/people/carry.ts';
import type { NewConfig, NewReaders, Obstacle } from '../../core/people/plan.ts';
import { visible } from '../../core/tree/path.ts';
import { nodePlatform } from '../../node/platform.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { keyringOf } from '../keys/keyring.ts';
import { agreeToLockOut } from '../keys/readers.ts';
import { sentenceOf } from '../words/words.ts';
import type { Team } from './team.ts';

/** A change of `.sops.yaml` and of many files. */
interface Change {
  /** In a few words. */
  readonly what: string;
  readonly configs: readonly NewConfig[];
  readonly files: readonly NewReaders[];
  /** New data keys. */
  readonly rotate: boolean;
  /** Other files that come with it. */
  readonly more?: readonly BatchFile[];
}

/** Carries out a change that a person agreed to: all of it, or nothing. Throws Failure, which names every file that holds it up. */
export async function carryOut(call: Call, team: Team, change: Change): Promise<void> {
  const { disk, journals } = nodePlatform;
  if (!disk || !journals) throw new LockstepError('IO');
  const { clock } = call.io;
  const prepared = await prepare(change.configs, change.files, change.rotate, { disk, clock, keyring: keyringOf(call) });
  if (!prepared) return;
  refuse(team, prepared.failures);
  const [lockedOut] = prepared.lockedOut;
  if (lockedOut !== undefined) await agreeToLockOut(call, team.label(lockedOut), new LockstepError('LOCKED_OUT'));
  const files = [...prepared.files, ...(change.more ?? [])];
  const outcome = await writeAll({ disk, journals }, { root: team.root, what: change.what, files }, clock);
  if (outcome.kind === 'half')
    throw new Failure(
      exit.cannotWrite,
      `${outcome.written.length} files are changed and ${outcome.rest.length} are not:\n${linesOf(team, outcome.failures)}`,
      'Mend what is named above, then run lockstep here once more: it finishes the change, or puts everything back.',
    );
  if (outcome.kind !== 'done' && outcome.kind !== 'cancelled') refuse(team, outcome.failures);
}

/** Throws Failure when there are any; nothing was written then. */
export function refuse(team: Team, failures: readonly (Failed | Obstacle)[]): void {
  if (failures.length === 0) return;
  const what = failures.length === 1 ? 'One file holds it up' : `${failures.length} files hold it up`;
  throw new Failure(exit.generic, `${what}, so nothing was written:\n${linesOf(team, failures)}`);
}

const most = 20;

function linesOf({ label }: Team, failures: readonly (Failed | Obstacle)[]): string {
  const lines = failures.slice(0, most).map(({ path, error }) => `  ${visible(label(path))}: ${sentenceOf(error)}`);
  if (failures.length > most) lines.push(`  and ${failures.length - most} more`);
  return lines.join('\n');
}
