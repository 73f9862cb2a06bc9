import type { Lacking, NamedKeys } from '../keys/others.ts';

/** An `AbortSignal`, as far as it is used. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', stopped: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', stopped: () => void): void;
}

/** Where key services are asked, and whether the user's own sops may be one. */
interface HowToAsk {
  /** As SOPS_KEYSERVICE has them, in order: the user has named them. */
  readonly services: readonly string[];
  /** Whether `sops keyservice` may be started for what none of them does. */
  readonly own: boolean;
}

/** Key services of SOPS, for the master keys of clouds and of Vault. */
export interface KeyServices {
  /** The services that the environment names. */
  readonly named: readonly string[];
  /** Who opens and wraps keys; or what is missing. Starts nothing. @param signal ends what waits for an answer */
  keys(how: HowToAsk, signal?: () => StopSignal): NamedKeys | Lacking;
  /** Ends the `sops keyservice` that was started, if there is one. */
  stop(): void;
}
