import type { Source } from '../cli/run/sources.ts';

/** What a program may say about where its secrets come from. */
export interface SecretOptions {
  /** The folder that `lockstep run` would be started in; the current one without it. */
  readonly from?: string;
  /** The environment; LOCKSTEP_ENV_NAME without it, else the default one. */
  readonly environment?: string;
  /** These files, in this order, and no environment. */
  readonly files?: readonly string[];
  /** Where keys are looked for, in this order, and nowhere else; LOCKSTEP_KEYS without it. */
  readonly keys?: readonly string[];
}

/** Where secrets come from, with all that the process itself says of it. */
export interface Place {
  /** Where the process works, and the folder as it was named from there. */
  readonly cwd: string;
  readonly folder: string;
  readonly environment: string | undefined;
  readonly files: readonly string[];
}

/** An environment, decrypted. It is plaintext. */
export interface Held {
  readonly sources: readonly Source[];
  readonly inOrder: boolean;
}

/** A value that is handed out: whence, and its reference or itself. */
export interface Handing {
  readonly file: string;
  readonly label: string;
  readonly path: readonly (string | number)[];
  readonly name: string;
  readonly value: string;
}

/** What the engine is asked, and what it gives. */
export interface Works {
  /** Opens an environment. */
  open(): Held;
  /** Records that values leave, and gets those that another manager has. In the same order. */
  hand(values: readonly Handing[], purpose: 'decrypt' | 'exec-env'): readonly string[];
  /** @param name of the key, for errors */
  encrypt(key: string, text: string, name: string): string;
  decrypt(key: string, value: string, name: string): string;
}
export type Work = keyof Works;

/** One question to it. It crosses to another thread, so it is data. */
export interface Asked<W extends Work = Work> {
  readonly work: W;
  readonly args: Parameters<Works[W]>;
  readonly place: Place;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The script, by its name. */
  readonly program: string;
}

/** What came of it. `remarks`: what is no error. */
export type Answer =
  | { readonly value: unknown; readonly remarks: readonly string[] }
  | { readonly failure: Told; readonly remarks: readonly string[] };

/** An error in words, without a value. */
export interface Told {
  readonly code: SecretCode;
  /** Lockstep's own code, such as MAC_MISMATCH. */
  readonly reason: string | undefined;
  readonly message: string;
}

export type SecretCode =
  | 'NO_SUCH_SECRET' // no secret has this name, or several have it
  | 'NO_SUCH_KEY' // no encryption key has this name
  | 'BAD_KEY' // an encryption key that is none, or of a wrong length
  | 'TAMPERED' // not a valid ciphertext, changed, or made with another key
  | 'LOCKED' // the window or agent that has the key is locked
  | 'DENIED' // somebody was asked, and did not allow it
  | 'NO_KEY' // no key at hand opens the file
  | 'NO_FILE' // there is no such file or environment
  | 'NOT_ENCRYPTED' // the file is plaintext
  | 'MANAGER' // another manager has the secret, and did not give it
  | 'BUILD_TIME' // this is a bundler, which would write the value into what it makes
  | 'FAILED'; // anything else; the message says what
