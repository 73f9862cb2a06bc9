import * as vscode from 'vscode';
import { fromUtf8, utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Disk } from '../../core/platform/disk.ts';
import type { PlainBytes, SealedBytes } from '../../core/seal/prove.ts';
import { diskOf } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { closeTabs, documentOf, hasUnsavedCustom, openAgain, placesOf } from './tabs.ts';

/** A file as it is before it is encrypted or decrypted where it stands. */
export interface Before {
  readonly uri: vscode.Uri;
  readonly disk: Disk;
  /** What the person sees: the unsaved text of an editor, else the bytes on disk. */
  readonly bytes: Uint8Array;
  /** Hash of what is on the disk. */
  readonly hash: string;
  /** The version of the open document whose text this is; undefined when the disk's counts. */
  readonly version: number | undefined;
}

/**
 * Throws NOT_A_FILE for a file that is not on a disk here, NOT_UTF8 for unsaved text over bytes that are no text, and what
 * reading can throw.
 */
export async function readBefore({ platform }: Pick<Services, 'platform'>, uri: vscode.Uri): Promise<Before> {
  const disk = diskOf(platform, uri);
  if (!disk) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  await saveSecretsEditor(uri);
  const { bytes, hash } = await disk.read(uri.fsPath);
  const document = documentOf(uri);
  if (!document?.isDirty) return { uri, disk, bytes, hash, version: undefined };
  // What is no UTF-8 on the disk is not all there in the editor.
  fromUtf8(bytes);
  return { uri, disk, bytes: utf8(document.getText()), hash, version: document.version };
}

/** What is unsaved in a Secrets Editor is in no text document, so it goes to the file first. Throws CHANGED_ON_DISK when it cannot. */
async function saveSecretsEditor(uri: vscode.Uri): Promise<void> {
  if (!hasUnsavedCustom(uri)) return;
  await vscode.workspace.save(uri);
  if (hasUnsavedCustom(uri)) throw new LockstepError('CHANGED_ON_DISK');
}

/**
 * Puts new bytes in a file's place so that Ctrl+Z cannot bring the old one back. VS Code keeps the undo history of a
 * closed file, but gives it back only if the file has the same content when it is opened again. So: everything that can
 * fail is tried first, then every editor is closed, and only then the bytes change; then the file is opened where it was.
 * If the bytes do not change after all, the old file is opened again.
 *
 * @param clear they are clear text
 * Resolves to whether the old text is out of reach: false when another extension keeps the document open.
 */
export async function exchange(before: Before, bytes: SealedBytes | PlainBytes, clear = false): Promise<boolean> {
  const { uri, disk, hash } = before;
  const staged = await disk.stage(uri.fsPath, bytes, { clear });
  try {
    await staged.check(hash);
    requireSameText(before);
    const places = placesOf(uri);
    try {
      const gone = await closeTabs(uri);
      await staged.commit(hash);
      return gone;
    } finally {
      await openAgain(uri, places);
    }
  } finally {
    await staged.discard();
  }
}

/** Somebody may have typed while the new text was made. */
function requireSameText({ uri, version }: Before): void {
  const document = documentOf(uri);
  const dirty = document?.isDirty ? document.version : undefined;
  if (dirty !== version) throw new LockstepError('CHANGED_ON_DISK');
}
