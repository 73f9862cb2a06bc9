import { LockstepError, Refusal } from '../errors.ts';
import type { FormatId } from '../format/document.ts';
import type { Opened } from '../open/open.ts';
import type { Rule } from '../rules/rules.ts';
import { requireIntact } from '../seal/prove.ts';
import type { Leaf, Sealed } from '../sops/sealed.ts';

/**
 * What a file is to Lockstep, as of one version of its text. Surfaces draw from this and nothing else.
 * `none`: no business of ours. `plain`: not encrypted, with values to mask: a `.env`, a name such as `secrets.yaml`, an INI file with
 * a password, a private key, or what a creation rule chooses.
 * `locked`: encrypted, and Lockstep is locked, or the key waits for its pass phrase. `open`: decrypted, its MAC holds. `unreadable`: none of our identities is
 * a recipient (or there is none). `damaged`: some entry or the MAC does not hold; read-only. `unsupported`: recognised,
 * not handled (another store's file under this name). `broken`: it looks like a secret file but does not parse; masks fall back to lines.
 */
export type FileState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'plain';
      readonly format: FormatId;
      readonly leaves: readonly Leaf[];
      readonly rule: Rule | undefined;
    }
  | { readonly kind: 'locked'; readonly sealed: Sealed }
  | { readonly kind: 'open'; readonly sealed: Sealed; readonly opened: Opened }
  | { readonly kind: 'unreadable'; readonly sealed: Sealed; readonly error: LockstepError }
  | { readonly kind: 'damaged'; readonly sealed: Sealed; readonly opened: Opened }
  | { readonly kind: 'unsupported'; readonly error: LockstepError }
  | { readonly kind: 'broken'; readonly plain: boolean; readonly error: LockstepError };

export interface Tracked {
  /** The version of the text that `state` describes; -1 for one that is to be looked at anew. */
  readonly version: number;
  readonly state: FileState;
}

/** Whether it has the markers of a merge in it. */
export const isInConflict = (state: FileState): boolean =>
  state.kind === 'broken' && 'what' in state.error.place && state.error.place.what === 'conflict';

/** The opened file, whole or damaged. Throws why it is not open, LOCKED when Lockstep is locked. */
export function requireOpened(state: FileState): Opened {
  if ('opened' in state) return state.opened;
  if ('error' in state) throw state.error;
  if (state.kind === 'locked') throw new Refusal('LOCKED');
  throw new LockstepError('NO_METADATA', { what: 'plain' });
}

/** The opened file, whole: one that may be changed. Throws EDIT_LOCKED for a damaged one, and as `requireOpened`. */
export function requireOpen(state: FileState): Opened {
  const opened = requireOpened(state);
  requireIntact(opened);
  return opened;
}
