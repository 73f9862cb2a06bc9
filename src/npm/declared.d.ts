/** Where secrets come from. Without it: what `lockstep run` would take in the current folder. */
export interface SecretOptions {
  /** The folder in which to look, and above it up to the root of the repository; the current one without it. */
  readonly from?: string;
  /** The environment, such as `production`. Without it: the one in LOCKSTEP_ENV_NAME, else the default one. */
  readonly environment?: string;
  /** These files, and no environment. A variable of a later one replaces that of an earlier one. */
  readonly files?: readonly string[];
  /** Where keys are looked for, in this order, and nowhere else. Without it: LOCKSTEP_KEYS, else every place. */
  readonly keys?: readonly KeyPlace[];
}

export type KeyPlace = 'environment' | 'files' | 'programs' | 'agent' | 'gpg' | 'keyservice';

/** One secret, by its key path (`db.password`), its variable (`DB_PASSWORD`), or as `lockstep:staging#db.password`. Rejects with SecretError. */
export function getSecret(name: string, options?: SecretOptions): Promise<string>;
/** The same for code that cannot await: nothing else of the program runs meanwhile. Throws SecretError. */
export function getSecretSync(name: string, options?: SecretOptions): string;

/** Secrets by the names that are given; without names every secret by its variable. Rejects with SecretError. */
export function getSecrets(names?: readonly string[], options?: SecretOptions): Promise<Record<string, string>>;
export function getSecretsSync(names?: readonly string[], options?: SecretOptions): Record<string, string>;

/** Whether there is a secret of this name. Rejects with SecretError where that cannot be told. */
export function hasSecret(name: string, options?: SecretOptions): Promise<boolean>;
export function hasSecretSync(name: string, options?: SecretOptions): boolean;

/** Encrypts a text with a named encryption key, as Anvil's `encrypt_with_key` does. Rejects with SecretError. */
export function encryptWithKey(key: string, text: string, options?: SecretOptions): Promise<string>;
export function encryptWithKeySync(key: string, text: string, options?: SecretOptions): string;

/** Decrypts what `encryptWithKey` made. Rejects with SecretError: `TAMPERED` for another key, and for a changed value. */
export function decryptWithKey(key: string, value: string, options?: SecretOptions): Promise<string>;
export function decryptWithKeySync(key: string, value: string, options?: SecretOptions): string;

export type SecretCode =
  /** No secret has this name, or several have it. */
  | 'NO_SUCH_SECRET'
  /** No encryption key has this name, or several have it. */
  | 'NO_SUCH_KEY'
  /** An encryption key that is none, or not of 16 or 32 bytes. */
  | 'BAD_KEY'
  /** Not a valid ciphertext, changed by somebody, or made with another key. */
  | 'TAMPERED'
  /** The window or the agent that has the key is locked. */
  | 'LOCKED'
  /** Somebody was asked, and did not allow it. */
  | 'DENIED'
  /** No key at hand opens the file. */
  | 'NO_KEY'
  /** There is no such file or environment. */
  | 'NO_FILE'
  /** The file is plaintext. */
  | 'NOT_ENCRYPTED'
  /** The value is a reference to another manager, which did not give the secret. */
  | 'MANAGER'
  /** A bundler asks, which would write the value into what it makes. */
  | 'BUILD_TIME'
  /** Anything else; the message says what. */
  | 'FAILED';

/** The message says what to do next; it holds no value and no key. */
export class SecretError extends Error {
  readonly code: SecretCode;
  /** Lockstep's own code, such as `MAC_MISMATCH`, where there is one. */
  readonly reason: string | undefined;
}
