import type * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import { maxFileSize } from '../../core/format/encoding.ts';
import type { At, Git } from '../../core/platform/git.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { requireTrust } from '../session/trust.ts';

/** One version of a file. */
export interface Version {
  /** The file under the name that it had then: the name says what format it has, the place which keys may open it. */
  readonly uri: vscode.Uri;
  /** Undefined where that version has no such file. */
  readonly bytes: Uint8Array | undefined;
}

/** The git of a file. Throws UNTRUSTED: git is not started then; and NO_SUCH_VERSION where there is none, as in a browser. */
export function gitOf({ platform }: Services, uri: vscode.Uri): Git {
  requireTrust();
  if (uri.scheme !== 'file' || !platform.git) throw new LockstepError('NO_SUCH_VERSION');
  return platform.git;
}

/**
 * A version of a file as git has it. Throws as `gitOf`, and NO_SUCH_VERSION for a commit or an index that is not there, a content that the clone
 * does not have (`content`), and one of over 5 MB (`size`).
 */
export async function versionAt(services: Services, uri: vscode.Uri, at: At): Promise<Version> {
  const { folder, name } = placeOf(uri);
  const found = await gitOf(services, uri).bytesAt(folder, at, name);
  if (found === undefined) throw new LockstepError('NO_SUCH_VERSION');
  if (found === 'no-content') throw new LockstepError('NO_SUCH_VERSION', { what: 'content' });
  if (found === 'too-large') throw new LockstepError('NO_SUCH_VERSION', { what: 'size' });
  return { uri, bytes: found === 'no-file' ? undefined : found };
}

/** A version of a file as it is on the disk; what is unsaved in an editor is no version. Throws TOO_LARGE, and what reading a file throws. */
export async function versionNow({ platform }: Services, uri: vscode.Uri): Promise<Version> {
  try {
    return { uri, bytes: await readAnywhere(platform, uri, maxFileSize) };
  } catch (error) {
    if (error instanceof LockstepError && error.code === 'GONE') return { uri, bytes: undefined };
    throw error;
  }
}

/** The folder of a file, and its name there, as git is asked for it. */
export function placeOf(uri: vscode.Uri): { readonly folder: string; readonly name: string } {
  const at = uri.path.lastIndexOf('/');
  return { folder: uri.with({ path: uri.path.slice(0, at) || '/' }).fsPath, name: uri.path.slice(at + 1) };
}
