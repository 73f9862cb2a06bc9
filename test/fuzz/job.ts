import { Chance, seedOf } from './chance.ts';
import { mutated } from './mutate.ts';

/** What a worker is to run. Inputs below 0 are the samples and the kept ones as they are; the others are made by chance. */
export interface Job {
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly samples: readonly Uint8Array[];
  readonly words: readonly string[];
  /** Texts in quotes in our own source: what an error may say. */
  readonly literals: readonly string[];
}

export interface Report {
  readonly n: number;
  readonly found: string;
}

/** The n-th input of a job, the same each time. */
export function inputOf({ target, seed, samples, words }: Job, n: number): Uint8Array {
  if (n < 0) return samples[-n - 1] ?? new Uint8Array();
  return mutated(new Chance(seedOf(seed, target, n)), samples, words);
}
