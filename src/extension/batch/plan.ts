import type * as vscode from 'vscode';
import type { BatchFile, Failure, Machine } from '../../core/batch/file.ts';
import type { Rewrap, Wanted } from '../../core/batch/rewrap.ts';
import type { Sealed } from '../../core/sops/sealed.ts';

/** A change of who can read many files, or of their data keys. */
export interface ManyFiles {
  /** What is done, as a title: `Update Who Can Read 12 Files`. */
  readonly title: string;
  /** The button that does it. */
  readonly verb: string;
  readonly files: readonly vscode.Uri[];
  /** What one file shall have. Throws why it cannot be changed, such as NO_RULE. */
  readonly wanted: (file: vscode.Uri, sealed: Sealed) => Promise<Wanted>;
  /** Files without secrets that belong to the change, such as `.sops.yaml`, as they shall be. */
  readonly configs?: readonly BatchFile[];
  /** What a person should know before the list of changes. */
  readonly intro?: string;
  /** What a person should know besides where somebody is removed. */
  readonly onRemoval?: string;
}

/** A change of many files, made out without any key. */
export interface ManyPlan extends ManyFiles {
  readonly machine: Machine;
  readonly root: string;
  readonly plans: readonly Rewrap[];
  readonly failures: readonly Failure[];
}
