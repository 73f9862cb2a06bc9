import type * as vscode from 'vscode';
import type { LockstepError } from '../../core/errors.ts';
import type { FormatId } from '../../core/format/document.ts';
import type { Opened } from '../../core/open/open.ts';
import type { Rule } from '../../core/rules/rules.ts';
import type { Leaf, Sealed } from '../../core/sops/sealed.ts';

/**
 * What a file is to Lockstep, as of one version of its text. Surfaces draw from this and nothing else.
 * `none`: no business of ours. `plain`: a `.env` or a file that a creation rule covers, not encrypted (values to mask).
 * `locked`: encrypted, and Lockstep is locked. `open`: decrypted, its MAC holds. `unreadable`: none of our identities is
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
  readonly uri: vscode.Uri;
  /** The document version that `state` describes. */
  readonly version: number;
  readonly state: FileState;
}

/** The only holder of open secret files: one per URI, dropped on lock and when the last editor closes. */
export interface Sessions {
  /** The state last computed for a document; undefined while the first one is still being computed. Never blocks. */
  current(uri: vscode.Uri): Tracked | undefined;
  /** The state of exactly the document's present text; opens it (decrypts) if it can. */
  ready(document: vscode.TextDocument): Promise<Tracked>;
  /** A state changed (text, lock, keys, rules). */
  readonly onDidChange: vscode.Event<vscode.Uri>;
  /** Recompute everything, e.g. after a key was added. */
  refresh(): void;
}
