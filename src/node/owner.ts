import { lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Whether a file that was found by looking upward may be anybody's: it, or the link that leads to it, is neither ours, nor
 * root's, nor of whoever owns the folder that we work in, and it is where others may write. Windows has no such owners.
 */
export function isAnybodys(path: string, here: string): boolean {
  if (process.platform === 'win32') return false;
  const folder = ownerOf(statSync, dirname(path));
  const files = [ownerOf(lstatSync, path), ownerOf(statSync, path)].filter((one) => one !== undefined);
  const trusted = [0, process.getuid?.(), ownerOf(statSync, here)?.uid];
  if (!folder || files.every(({ uid }) => trusted.includes(uid))) return false;
  return (folder.mode & 0o022) !== 0 || !trusted.includes(folder.uid);
}

function ownerOf(look: typeof statSync, path: string): { readonly uid: number; readonly mode: number } | undefined {
  return look(path, { throwIfNoEntry: false });
}
