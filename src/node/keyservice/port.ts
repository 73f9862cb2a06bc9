import type { KeyRequest } from './messages.ts';

/** Why a request gets no key; its text is shown by the program that asked. */
export interface Refused {
  readonly why: 'denied' | 'unavailable' | 'unsupported' | 'wrong';
  readonly text: string;
}

/** What answers the requests of one connection. Neither may throw. */
export interface KeyServicePort {
  /** The data key, which is wiped when it is sent. */
  decrypt(request: KeyRequest): Promise<Uint8Array | Refused>;
  /** The wrapped key. */
  encrypt(request: KeyRequest): Promise<Uint8Array | Refused>;
}
