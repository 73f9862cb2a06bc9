import type * as vscode from 'vscode';
import type { Opened } from '../../core/open/open.ts';
import type { Change } from '../../core/seal/sign.ts';
import type { FileState } from '../../core/session/state.ts';

/** An encrypted file as a whole, where it is open: as text, or in the Secrets Editor, whose edits count then. */
export interface OpenFile {
  readonly uri: vscode.Uri;
  /** The state of its present text. */
  ready(): Promise<FileState>;
  /** One step that can be undone, with a name for VS Code's history. Throws what `make` throws, and why the file may not be changed. */
  change(label: string, make: (opened: Opened) => Promise<Change>): Promise<void>;
  /** Throws DRAFT while a text that does not parse waits, CHANGED_ON_DISK while the file has another version on the disk. */
  requireSettled(): void;
}
