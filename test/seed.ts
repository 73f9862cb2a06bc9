import fc from 'fast-check';

/** Where generated cases begin. The same commit is tried with the same cases, wherever it runs; LOCKSTEP_SEED finds others. */
export const seed = Number(process.env.LOCKSTEP_SEED ?? 20261122);

fc.configureGlobal({ seed });
