import type { BatchFile, Failure as FileFailure, Machine, Outcome } from '../../core/batch/file.ts';
import { writeAll } from '../../core/batch/transaction.ts';
import { LockstepError } from '../../core/errors.ts';
import { visible } from '../../core/tree/path.ts';
import { nodeDisk } from '../../node/disk/disk.ts';
import { nodeJournals } from '../../node/disk/journals.ts';
import type { Call } from '../call.ts';
import { AboutFile, exit, Failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { tell } from '../words/telling.ts';

/** The machine that a run works on. */
export const machineOf = ({ env, home, platform }: Io): Machine => ({
  disk: nodeDisk,
  journals: nodeJournals(env, home, platform),
});

/** Throws AboutFile when git is in the middle of something: what is changed then would go into that, or be lost with it. */
export async function requireQuietGit({ io }: Call, root: string): Promise<void> {
  const state = await machineOf(io).journals.gitState(root);
  if (state) throw new AboutFile(root, new LockstepError('IN_PROGRESS', { what: state }), exit.generic);
}

/**
 * Writes many files, all or none. A signal ends it until the first file is replaced, and waits for the end after that. Throws
 * Failure when the files are not the new ones, after each reason was told.
 * @param what is done, for a person who finds it unfinished. @param verb the verb that does it.
 */
export async function writeMany(
  call: Call,
  root: string,
  what: string,
  files: readonly BatchFile[],
  verb: string,
): Promise<void> {
  const { io } = call;
  let signal: NodeJS.Signals | undefined;
  const silence = io.onSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], (one) => {
    signal ??= one;
  });
  const outcome = await writeAll(machineOf(io), { root, what, files }, io.clock, {
    cancelled: () => signal !== undefined,
  }).finally(silence);
  if (outcome.kind === 'done') return;
  if (outcome.kind === 'cancelled' && signal) io.endBy(signal);
  if ('failures' in outcome) await tellFailures(call, outcome.failures, verb);
  throw failureOf(outcome, files.length);
}

/** Why each file is held up, on standard error. */
export async function tellFailures({ io, flags }: Call, failures: readonly FileFailure[], verb: string): Promise<void> {
  for (const { path, error } of failures) await tell(io, new AboutFile(path, error), verb, flags.on('verbose'));
}

function failureOf(outcome: Exclude<Outcome, { kind: 'done' }>, all: number): Failure {
  switch (outcome.kind) {
    case 'cancelled':
      return new Failure(exit.generic, 'Stopped.', 'Nothing was written.');
    case 'refused':
      return noneWritten(outcome.failures.length, all);
    case 'put-back':
      return new Failure(exit.cannotWrite, `Not all ${all} files could be written.`, 'All of them are as they were.');
    case 'half': {
      const names = outcome.written.map(visible).join('\n  ');
      return new Failure(
        exit.cannotWrite,
        `Not all ${all} files could be written, and some could not be put back.`,
        `These have the new keys already; the next start of lockstep here finishes the rest, or puts these back:\n  ${names}`,
      );
    }
  }
}

/** When some of many files cannot be changed. @param next what to do about them. */
export const noneWritten = (failed: number, all: number, next = 'Mend those files, or leave them out.'): Failure =>
  new Failure(
    exit.generic,
    `${failed} of ${all} files cannot be changed, so none was.`,
    `The lines above say why, file by file. ${next}`,
    `failed updating ${failed} key(s)`,
  );
