import type { Environment } from '../../core/env/environment.ts';

/** Variables that are a private key, or say how to get at one. */
const ofKeys = /^SOPS_AGE_(?:KEY|SSH_PRIVATE_KEY)/i;

/** The environment for a program that a person or a script starts through Lockstep: without what opens other files. */
export function withoutKeys(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ofKeys.test(name)));
}
