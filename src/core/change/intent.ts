import type { Span } from '../format/document.ts';
import type { RotateOptions } from '../keys/rotate.ts';
import type { HowToMerge } from '../merge/three.ts';
import type { KeyName } from '../sops/masterkey.ts';
import type { Path } from '../tree/path.ts';
import type { Scalar } from '../tree/value.ts';
import type { NodeId } from './locate.ts';
import type { Member } from './values.ts';

/** What somebody wants of an encrypted file. Steps can come together, each on what the ones before it left. */
export type Intent = Step | Whole;

/** A change of entries. */
export type Step =
  /** Another value, of any type, in the place of an entry's or an item's. */
  | { readonly kind: 'set'; readonly id: NodeId; readonly value: Scalar }
  /** Another text in a comment's place, the `n`-th of the file; without it the comment goes. */
  | { readonly kind: 'reword'; readonly comment: number; readonly text?: string }
  /** Entries for a map, or items (without keys) for a list. A value can be a tree, an empty map or an empty list. */
  | { readonly kind: 'add'; readonly to: Target; readonly members: readonly Member[] }
  /** Entries for the top level: those that are there get the value, the others come at its end. */
  | { readonly kind: 'put'; readonly entries: readonly NamedValue[] }
  | { readonly kind: 'rename'; readonly id: NodeId; readonly key: string }
  /** Entries, groups or items, with the comment lines above them unless those are to stay. */
  | { readonly kind: 'remove'; readonly ids: readonly NodeId[]; readonly keepComments?: boolean }
  /** An entry, group or item with its own comments to another place. It keeps its key. */
  | { readonly kind: 'move'; readonly id: NodeId; readonly to: Target }
  /** A copy of an entry or group right below it. */
  | { readonly kind: 'duplicate'; readonly id: NodeId; readonly key: string }
  /** The comment of an entry, group or item: lines without comment sign, none for the empty text. */
  | { readonly kind: 'comment'; readonly id: NodeId; readonly text: string }
  /** Whether an entry or group stays unencrypted, said the way that the file's selector goes by. */
  | { readonly kind: 'markPlain'; readonly id: NodeId; readonly on: boolean }
  /** `sops set` and `sops unset`, on the first document. */
  | { readonly kind: 'setPath'; readonly path: Path; readonly json: string }
  | { readonly kind: 'unsetPath'; readonly path: Path; readonly idempotent?: boolean }
  /** What only I changed since `base`, and of each conflict the side that was chosen, on top of the file. */
  | ({ readonly kind: 'merge' } & HowToMerge);

/** A change of the whole file. */
type Whole =
  /**
   * The file says what this edited plain text says. @param unseen parts of it that nobody has looked at: they may not come
   * to stand in clear text.
   */
  | { readonly kind: 'text'; readonly text: string; readonly unseen?: readonly Span[] }
  /**
   * The file says what this edited encrypted text stands for: what is in plaintext where it ought to be encrypted was typed,
   * and each ciphertext is one of the opened file's, at whatever path it is now. Throws FOREIGN_EDIT for a `ciphertext` that
   * is none of them, for changed `metadata`, and for a ciphertext that somebody typed into (`touched`).
   * @param growing ids of entries that are being typed: what stands behind their ciphertext is the end of the value.
   */
  | { readonly kind: 'edited'; readonly text: string; readonly growing?: ReadonlySet<NodeId> }
  /** The file says what these bytes of a plain file say; those of a binary one are its only value. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A new data key. */
  | ({ readonly kind: 'rotate' } & RotateOptions)
  /** Who can read the file; no value changes. */
  | { readonly kind: 'readers'; readonly groups: readonly (readonly KeyName[])[]; readonly threshold: number };

export interface ChangeOptions {
  /** Let entries that were encrypted stand in clear text where the file's selector has it so. */
  readonly allowPlain?: boolean;
}

/** Where something goes. */
export interface Target {
  /** The map or list; `[n]` is the top level of document n. */
  readonly group: NodeId;
  /** The sibling that it comes before; undefined: at the end. */
  readonly before?: NodeId;
}

export interface NamedValue {
  readonly name: string;
  readonly value: Scalar;
}
