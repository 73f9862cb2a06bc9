import { textOfBytes } from '../format/encoding.ts';
import type { Disk } from '../platform/disk.ts';

/**
 * The folders of the submodules of a work tree, as its `.gitmodules` names them (gitmodules, `submodule.<name>.path`): each is a repository of
 * its own, with people of its own. None where it cannot be read.
 */
export async function submodulesOf(disk: Pick<Disk, 'readIfThere'> | undefined, root: string): Promise<string[]> {
  const found = await disk?.readIfThere(`${root}/.gitmodules`).catch(() => undefined);
  const lines = found ? textOfBytes(found.bytes).split('\n') : [];
  return lines.flatMap((line) => {
    const at = line.indexOf('=');
    const path = line.slice(at + 1).trim();
    if (at < 0 || line.slice(0, at).trim().toLowerCase() !== 'path' || path === '') return [];
    return path.length > 1 && path.startsWith('"') && path.endsWith('"') ? path.slice(1, -1) : path;
  });
}
