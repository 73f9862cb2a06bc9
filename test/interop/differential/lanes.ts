import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { seed } from '../../seed.ts';
import { Sops } from './sops.ts';

/** `--long` makes ten times as many. */
const times = Number(process.env.LOCKSTEP_TIMES ?? 1);

/** Cases checked at the same time: sops is a process, and the others wait. */
const width = 4;

let total = 0;

/** Cases that each test file has to check in an ordinary run, so that none goes missing without a word. */
export const least = { encrypt: 1104, operations: 940, keychanges: 168 } as const;

/** Called where a group of tests is made up: what was checked from its first test on. */
export function tally(): () => number {
  let start = 0;
  before(() => {
    start = total;
  });
  return () => total - start;
}

/**
 * Checks `count` generated cases, several at a time, each lane in a folder of its own. A failure shows the seed and the
 * smallest case that fails: generated text, never a file of somebody.
 */
export async function inLanes<T>(
  count: number,
  cases: fc.Arbitrary<T>,
  check: (one: T, sops: Sops) => Promise<void>,
): Promise<void> {
  const numRuns = Math.ceil((count * times) / width);
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-differential-'));
  try {
    const lane = async (n: number) => {
      const sops = new Sops(join(folder, String(n)));
      const property = fc.asyncProperty(cases, (one) => check(one, sops));
      await fc.assert(property, { seed: seed + n, numRuns, endOnFailure: process.env.LOCKSTEP_SHRINK === 'no' });
    };
    await Promise.all(Array.from({ length: width }, (_, n) => lane(n)));
    total += numRuns * width;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What was checked, to be printed at the end. */
export function summary(): string {
  return `${total} generated cases, seed ${seed}`;
}
