import type { LockstepError } from '../errors.ts';

/** The variables that lead to identities. */
export const keyVariables = [
  'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
  'SOPS_AGE_SSH_PRIVATE_KEY_CMD',
  'SOPS_AGE_KEY',
  'SOPS_AGE_KEY_FILE',
  'SOPS_AGE_KEY_CMD',
] as const;
export type KeyVariable = (typeof keyVariables)[number];

/** One place where sops looks for identities. */
export interface KeyPlace {
  /** What names it: the variable, or the file's path. */
  readonly source: string;
  /** The variable that leads there. */
  readonly variable?: KeyVariable;
  readonly kind: 'ssh-key' | 'key-file';
  readonly from: /** The variable's value is a key file's text, or a program: read when it is used, and not kept here. */
    | { readonly text: true }
    | { readonly command: true }
    /** `named`: somebody said that it is there, so it is a mistake when it is not. */
    | { readonly path: string; readonly named: boolean }
    /** A private key where the path of a file should be: it is not to be shown as one. */
    | { readonly misplaced: true };
}

/**
 * A place, or why there is none: a variable that is not set, or set to an empty text, which sops takes for the same; or no folder
 * for the standard key file, because XDG_CONFIG_HOME is not absolute (`relative`) or nothing names one (`homeless`).
 */
export type KeySpot =
  | KeyPlace
  | { readonly variable: KeyVariable; readonly from: 'unset' | 'empty' }
  | { readonly variable?: undefined; readonly from: 'relative' | 'homeless' };

export const isPlace = (spot: KeySpot): spot is KeyPlace => typeof spot.from === 'object';

/** What came of one place where keys were looked for. Public keys and reasons; nothing of a private key. */
export interface Look {
  readonly spot: KeySpot;
  /** Whether a file is there; undefined for what is no file. */
  readonly there: boolean | undefined;
  /** Public keys of the identities that it gave. */
  readonly recipients: readonly string[];
  /** Keys in it that nobody gave the pass phrase of. */
  readonly locked: number;
  /** Why it gave nothing, or not all that it holds. */
  readonly errors: readonly LockstepError[];
}

/** A place that holds keys. `read` gives the text of its key file, which is not kept. */
export interface KeyOffer {
  readonly source: string;
  readonly read: () => Promise<string | undefined>;
}

/** Where sops looks for keys on this machine. No program is started but by `programs`, and nobody is asked for a pass phrase. */
export interface KeyPlaces {
  /** The places of age keys that hold something. */
  offered(): Promise<readonly KeyOffer[]>;
  /** The files of SSH keys that a variable names or that sops tries by itself, as far as they are there. They are read only by `read`. */
  sshKeys(): Promise<readonly KeyOffer[]>;
  /**
   * The programs that variables name for printing a key. `source`: the variable. Only `read` starts one; it throws BAD_IDENTITY (`command`)
   * when it fails.
   */
  programs(): readonly KeyOffer[];
  /** What is in the places of age keys; SSH keys are not read. */
  looks(): Promise<readonly Look[]>;
  /** Every place of SSH keys that is set or usual, and whether a file is there. */
  sshPlaces(): Promise<readonly { readonly place: KeyPlace; readonly there: boolean }[]>;
  /** Variables that look as if they were meant to lead to a key, and that nobody reads: a slip of the pen. */
  strayVariables(): readonly string[];
}
