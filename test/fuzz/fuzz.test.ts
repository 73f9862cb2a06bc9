import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { root } from '../core/shared.ts';
import { readTree } from '../rules/tree.ts';
import { seed } from '../seed.ts';
import { inputOf, type Job, type Report } from './job.ts';
import { corpusOf, samplesOf, words } from './samples.ts';
import { targets } from './targets.ts';

const times = Number(process.env.LOCKSTEP_TIMES ?? 1);
/** Runs of a target with the greatest share. */
const most = 4000 * times;
/**
 * Of one input, in seconds of processor time: the worker does nothing else, and this thread waits. A round trip seals, opens and
 * unseals up to 64 KiB, which can be ten thousand values.
 */
const patience = (target: string) => (target.startsWith('round-trip-') ? 6 : 1);

const outfile = join(root, '.cache', 'fuzz', `worker-${process.pid}.cjs`);

/** Texts in quotes anywhere in core and node: the only words that an error may say. */
const literals = [...readTree(['src/core', 'src/node'], /\.ts$/).values()].flatMap((text) =>
  [...text.matchAll(/'([\w-]+)'|"([\w-]+)"|\b([\w$]+):/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? ''),
);

/** Runs a job on a thread of its own, and stops it where one input takes too long. */
function run(job: Job): Promise<Report[]> {
  const at = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(outfile, { workerData: { job, at } });
  return new Promise((resolve, reject) => {
    let [last, since] = [-1, process.cpuUsage()];
    const watch = setInterval(() => {
      const n = Atomics.load(at, 0);
      if (n !== last) [last, since] = [n, process.cpuUsage()];
      else if (process.cpuUsage(since).user > patience(job.target) * 1e6) {
        clearInterval(watch);
        void worker.terminate().then(() => resolve([{ n, found: `more than ${patience(job.target)} s` }]));
      }
    }, 50);
    worker.once('message', (reports: Report[]) => {
      clearInterval(watch);
      resolve(reports);
    });
    worker.once('error', (error) => {
      clearInterval(watch);
      reject(error);
    });
  });
}

/** Puts the inputs that were trouble where the person who looks into it finds them. */
function keep(job: Job, reports: readonly Report[]): string {
  const folder = join(root, '.cache', 'fuzz', 'found', job.target);
  mkdirSync(folder, { recursive: true });
  return reports
    .map(({ n, found }) => {
      const file = join(folder, `${job.seed}-${n}`);
      writeFileSync(file, inputOf(job, n));
      return `${file}: ${found}`;
    })
    .join('\n');
}

describe('whatever is in a file', function () {
  this.timeout(3_600_000);
  let total = 0;

  before(async () => {
    await build({
      entryPoints: [join(root, 'test', 'fuzz', 'worker.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
  });
  after(() => console.log(`      ${total} inputs, seed ${seed}`));

  for (const [target, { share }] of Object.entries(targets)) {
    it(`${target} gives a result or a LockstepError that says nothing of it, in time`, async () => {
      const samples = await samplesOf(target);
      const to = Math.ceil((most * share) / 1000);
      // First those that are right, and those that were once trouble, as they are.
      const job: Job = { target, seed, from: -samples.length, to, samples, words, literals };
      const reports = await run(job);
      assert.ok(reports.length === 0, keep(job, reports));
      total += to + samples.length;
    });
  }

  it('the kept inputs belong to a target', () => {
    for (const target of readdirSync(join(root, 'test', 'fuzz', 'corpus')))
      assert.ok(target in targets && corpusOf(target).length > 0, target);
  });
});
