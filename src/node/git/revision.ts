import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { git, text } from './run.ts';

/** The bytes of a file as a commit has it; undefined for a commit or a file that is not there, and outside git. */
export async function blobAt(path: string, rev: string): Promise<Uint8Array | undefined> {
  const folder = await realpath(dirname(path)).catch(() => undefined);
  if (folder === undefined) return undefined;
  // By its hash: what a person types may look like a flag, or name another file.
  const commit = await text(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${rev}^{commit}`]);
  const result = commit && (await git(folder, ['cat-file', 'blob', `${commit.trim()}:./${basename(path)}`]));
  return result && result.code === 0 ? result.out : undefined;
}
