import type { Command } from '../age/plugin/stanzas.ts';
import type { KeyKind } from '../sops/kinds.ts';
import type { WrappedKey } from '../sops/masterkey.ts';

/** Where a private key is. `name`: the path of a file, the name of a variable, or of a store. */
export interface KeySource {
  readonly kind: 'secret-storage' | 'key-file' | 'ssh-key' | 'environment' | 'program' | 'passphrase' | 'agent';
  readonly name: string;
}

/**
 * Somebody who can open wrapped keys: what Lockstep knows of a private key. It hands out no part of that key, so the key may as
 * well be in another process, in hardware, or with a key service.
 */
export interface Opener {
  /** The kind of wrapped keys that it opens; it is not asked about others. */
  readonly kind: KeyKind;
  /** The name that a person gave it. */
  readonly label: string;
  /**
   * The public key that it opens for: `age1…`, or `ssh-… AAAA…` without a comment. Never taken from the file that is opened: it
   * is what shows that a file names somebody else.
   */
  readonly recipient: string;
  readonly source: KeySource;
  /**
   * The data key, or with several groups its group's part; the caller's to wipe. Undefined means "not mine": it is wrapped for
   * somebody else, whatever its entry says. Throws BAD_DATA_KEY for "mine, but broken": it is for this opener and does not open, or
   * it is not even readable, so that nobody could. (The contract of `unwrapFileKey` in age's library.)
   */
  unwrap(wrapped: WrappedKey): Promise<Uint8Array | undefined>;
  /**
   * The file key of an age file's header, for a program that reads age files itself; undefined means "not mine". Throws BAD_DATA_KEY as
   * `unwrap`. Missing where the key opens no age files.
   */
  readonly fileKey?: (stanzas: readonly Command[]) => Promise<Uint8Array | undefined>;
  /**
   * Wipes the private key, as far as JavaScript can. Whoever was given the opener calls this after use. Without it the keyring
   * keeps the key, for the next file.
   */
  readonly dispose?: () => void;
}
