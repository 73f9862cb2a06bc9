/** Where "now" comes from, so that tests can hold it still. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

let worked = () => performance.now();

/**
 * Milliseconds of work so far, by which work is bounded: of the processor where the platform counts it, so that a busy machine
 * makes nothing look like more work; else of the clock. Only differences mean anything.
 */
export const workTime = (): number => worked();

/** Lets the platform count. Returns what counted before. */
export function useWorkTime(count: () => number): () => number {
  const before = worked;
  worked = count;
  return before;
}
