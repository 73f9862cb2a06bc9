import type { Run } from '../call.ts';
import { exit, Failure } from '../failure.ts';

/** Verbs of sops that need a network, which Lockstep does not use. */
export const publish: Run = async () => {
  throw new Failure(
    exit.generic,
    'Lockstep does not publish: it uses no network.',
    'Use sops publish, or hand the encrypted file to the tool of the cloud.',
  );
};

export const keyservice: Run = async () => {
  throw new Failure(
    exit.generic,
    'Lockstep is no key service: it uses no network.',
    'Use sops keyservice, or give each machine an age key of its own.',
  );
};
