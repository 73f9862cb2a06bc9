import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import type { Opened } from '../../core/open/open.ts';
import type { Change } from '../../core/seal/sign.ts';
import { type FileState, requireOpen } from '../../core/session/state.ts';
import { workspaceEditOf } from '../convert.ts';
import { diskOf } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { tabsOf } from './tabs.ts';

/** Works out a change of an opened file; called again when the text changed meanwhile. Ids are looked up anew each time. */
type MakeChange = (opened: Opened) => Promise<Pick<Change, 'edits'>>;

/** One change at a time for each document: a second one starts from the first one's result. */
const queues = new Map<string, Promise<void>>();

/** While somebody types, the text may change under us; after this many times we say so. */
const attempts = 3;

/**
 * Applies a change to the ciphertext document as one undo step. What enters the document is ciphertext, encrypted before:
 * undo, hot exit and local history hold nothing else. A document that no tab shows is saved; else saving is the user's.
 * Throws what `make` throws, EDIT_LOCKED and its like when the file is not open, GONE and READ_ONLY for what has become of
 * the file on the disk, CHANGED_ON_DISK when its text will not hold still.
 */
export function applyChange(services: Services, document: vscode.TextDocument, make: MakeChange): Promise<void> {
  const key = document.uri.toString();
  const before = queues.get(key) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(() => applyNow(services, document, make));
  queues.set(key, mine);
  const forget = () => {
    if (queues.get(key) === mine) queues.delete(key);
  };
  mine.then(forget, forget);
  return mine;
}

async function applyNow(services: Services, document: vscode.TextDocument, make: MakeChange): Promise<void> {
  for (let n = 0; n < attempts; n++) {
    if (document.isClosed) throw new LockstepError('GONE');
    const { state, version } = await services.sessions.ready(document);
    const { edits } = await make(requireOpen(state));
    if (edits.length === 0) return;
    await requirePlace(services, document);
    // VS Code refuses an edit that was made for another version, too; this saves it the attempt.
    if (document.version !== version) continue;
    const shown = tabsOf(document.uri).length > 0;
    if (!(await vscode.workspace.applyEdit(workspaceEditOf(document, edits)))) continue;
    if (!shown) await document.save();
    return;
  }
  throw new LockstepError('CHANGED_ON_DISK');
}

/** An entry's file that may be changed: it is open, and its place on the disk can be written. Throws why not. */
export async function requireEditable(
  services: Services,
  file: { readonly uri: vscode.Uri },
  state: FileState,
): Promise<Opened> {
  const opened = requireOpen(state);
  await requirePlace(services, file);
  return opened;
}

async function requirePlace({ platform }: Services, { uri }: { readonly uri: vscode.Uri }): Promise<void> {
  await diskOf(platform, uri)?.requireWritable(uri.fsPath);
}
