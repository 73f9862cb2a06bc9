import { readlinkSync } from 'node:fs';
import { outputOf } from '../program.ts';

/** The folder that a process works in, as far as the system says it. */
export async function folderOf(pid: number, platform: NodeJS.Platform): Promise<string | undefined> {
  try {
    if (platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`);
    if (platform !== 'darwin') return undefined;
    const fields = await outputOf(['/usr/sbin/lsof', '-a', '-p', String(pid), '-d', 'cwd', '-Fn'], {});
    return /^n(\/.*)$/m.exec(Buffer.from(fields).toString())?.[1];
  } catch {
    return undefined;
  }
}
