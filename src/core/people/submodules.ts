import { textOfBytes } from '../format/encoding.ts';
import type { Disk } from '../platform/disk.ts';

/**
 * The folders of the submodules of a work tree, as its `.gitmodules` names them (gitmodules, `submodule.<name>.path`): each is a repository of
 * its own, with people of its own. None where it cannot be read.
 */
export async function submodulesOf(disk: Pick<Disk, 'readIfThere'> | undefined, root: string): Promise<string[]> {
  const found = await disk?.readIfThere(`${root}/.gitmodules`).catch(() => undefined);
  const lines = found ? textOfBytes(found.bytes).matchAll(/^[ \t]*path[ \t]*=[ \t]*("?)(.+?)\1[ \t]*\r?$/gim) : [];
  return [...lines].map(([, , path = '']) => path);
}
