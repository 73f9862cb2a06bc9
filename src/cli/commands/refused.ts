import type { Run } from '../call.ts';
import { exit, Failure } from '../failure.ts';

/** A verb of sops that needs a network, which Lockstep does not use. */
export const publish: Run = async () => {
  throw new Failure(
    exit.generic,
    'Lockstep does not publish: it uses no network.',
    'Use sops publish, or hand the encrypted file to the tool of the cloud.',
  );
};
