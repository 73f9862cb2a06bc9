import type { Word } from '../../core/errors.ts';
import type { KeyRequest } from './messages.ts';

/** Why a request gets no key; its text is shown by the program that asked. */
export interface Refused {
  readonly why: 'denied' | 'unavailable' | 'unsupported' | 'wrong';
  readonly text: string;
}

/** What a service answered whom we asked: bytes, or why there are none, with its own words. */
export type Answered = Uint8Array | { readonly what: Word<'KEY_SERVICE'>; readonly text?: string };

/** What answers the requests of one connection. Neither may throw. */
export interface KeyServicePort {
  /** The data key, which is wiped when it is sent. */
  decrypt(request: KeyRequest): Promise<Uint8Array | Refused>;
  /** The wrapped key. */
  encrypt(request: KeyRequest): Promise<Uint8Array | Refused>;
}
