import { parentPort, workerData } from 'node:worker_threads';
import { LockstepError, type Place } from '../../src/core/errors.ts';

import { useNative } from '../../src/core/platform/native.ts';
import { nodeNative } from '../../src/node/native.ts';
import { inputOf, type Job, type Report } from './job.ts';
import { targets } from './targets.ts';

/** Runs inputs one after another and says what each came to when it is not what is allowed. Where it is, is in `at`. */

// The processor works for all workers together.
useNative({ ...nodeNative, workTime: () => performance.now() });
const { job, at } = workerData as { job: Job; at: Int32Array };
const ours = new Set(job.literals);

function complaint(error: unknown): string | undefined {
  if (!(error instanceof LockstepError)) return `not a LockstepError: ${error instanceof Error ? error.stack : error}`;
  const { path: _, reason, ...facts }: Place & { reason?: string } = error.place;
  // Numbers, and words that stand in our own source: nothing of the input.
  for (const [name, fact] of Object.entries(facts))
    if (fact !== undefined && typeof fact !== 'number' && !ours.has(fact))
      return `the ${name} of an ${error.code} says more`;
  // A pattern is no secret; of anything else nothing may be there.
  if (reason !== undefined && (error.code !== 'BAD_REGEX' || /\p{Cc}/u.test(reason) || reason.length > 500))
    return `the reason of an ${error.code} says more`;
  const { offset: _o, line, lastLine: _l, rule: _r, ...told } = facts;
  const words = Object.values(told).filter((fact) => fact !== undefined);
  const message = error.code + (words.length > 0 ? ` (${words.join(', ')})` : '') + (line ? ` at line ${line}` : '');
  return error.message !== message || error.cause !== undefined
    ? `the message of an ${error.code} says more`
    : undefined;
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
