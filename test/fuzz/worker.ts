import { parentPort, workerData } from 'node:worker_threads';
import { LockstepError } from '../../src/core/errors.ts';

import { useNative } from '../../src/core/platform/native.ts';
import { nodeNative } from '../../src/node/native.ts';
import { inputOf, type Job, type Report } from './job.ts';
import { targets } from './targets.ts';

/** Runs inputs one after another and says what each came to when it is not what is allowed. Where it is, is in `at`. */

// The processor works for all workers together.
useNative({ ...nodeNative, workTime: () => performance.now() });
const { job, at } = workerData as { job: Job; at: Int32Array };
const words = new Set(job.literals);

function complaint(error: unknown): string | undefined {
  if (!(error instanceof LockstepError)) return `not a LockstepError: ${error instanceof Error ? error.stack : error}`;
  const { what, line, lastLine, path: _, offset: __, rule, reason, ...rest } = error.place;
  // Only words that stand in our own source: nothing of the input.
  if (what !== undefined && !words.has(what)) return `the word of an ${error.code} is not one of ours`;
  if (lastLine !== undefined && typeof lastLine !== 'number') return `the last line of an ${error.code} is no number`;
  if (rule !== undefined && typeof rule !== 'number') return `the rule of an ${error.code} is no number`;
  // A pattern is no secret; of anything else nothing may be there.
  if (reason !== undefined && (error.code !== 'BAD_REGEX' || /\p{Cc}/u.test(reason) || reason.length > 500))
    return `the reason of an ${error.code} says more`;
  const message = error.code + (what ? ` (${what})` : '') + (line ? ` at line ${line}` : '');
  if (error.message !== message || error.cause !== undefined) return `the message of an ${error.code} says more`;
  return Object.keys(rest).length > 0 ? `the place of an ${error.code} says more` : undefined;
}

async function run(): Promise<Report[]> {
  const reports: Report[] = [];
  const target = targets[job.target];
  if (!target) throw new Error(`no target ${job.target}`);
  for (let n = job.from; n < job.to && reports.length < 5; n++) {
    Atomics.store(at, 0, n);
    try {
      await target.run(inputOf(job, n));
    } catch (error) {
      const found = complaint(error);
      if (found) reports.push({ n, found });
    }
  }
  return reports;
}

void run().then((reports) => parentPort?.postMessage(reports));
