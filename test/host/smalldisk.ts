// A folder whose disk can be full, or not to be written.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { join } from 'node:path';
import { cannotMount } from '../mounting.ts';
import type { WhyNot } from '../skip.ts';

export interface SmallDisk {
  /** Takes all room, or gives it back. */
  full(on: boolean): void;
  /** Nothing may be made, changed or removed. */
  readOnly(on: boolean): void;
  end(): void;
}

type Maker = (folder: string) => SmallDisk;

/** The ways in which one can be had, and why one cannot be had here. */
export const smallDisks = (): readonly { how: string; make: Maker; why: WhyNot }[] => [
  { how: 'errors of the system', make: answered, why: undefined },
  { how: 'a real one', make: mounted, why: cannotMount() },
];

/** A disk in memory, over the folder, which must be empty. */
function mounted(folder: string): SmallDisk {
  const mount = (...args: string[]) => execFileSync('mount', [...args, folder], { stdio: 'pipe' });
  const filler = join(folder, 'filler');
  mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs');
  return {
    full(on) {
      rmSync(filler, { force: true });
      if (!on) return;
      try {
        writeFileSync(filler, Buffer.alloc(1024 * 1024));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
        throw error;
      }
      throw new Error('the disk is too large');
    },
    readOnly: (on) => void mount('-o', `remount,${on ? 'ro' : 'rw'}`),
    end: () => void execFileSync('umount', ['--lazy', folder], { stdio: 'pipe' }),
  };
}

/** What a system says of such disks, in the place of its own answers: the extension runs in this process. */
function answered(folder: string): SmallDisk {
  const { open } = promises;
  const end = () => {
    promises.open = open;
  };
  const answer = (making: typeof open) => {
    promises.open = (path, flags, mode) =>
      flags === 'wx' && String(path).startsWith(folder) ? making(path, flags, mode) : open(path, flags, mode);
  };
  const error = (code: string) => Object.assign(new Error(`${code}: ${folder}`), { code });
  return {
    full(on) {
      if (!on) return end();
      answer(async (path, flags, mode) => {
        const handle = await open(path, flags, mode);
        handle.writeFile = async (data) => {
          // Half of it still finds room.
          await handle.write(data as Uint8Array, 0, (data as Uint8Array).length >> 1);
          throw error('ENOSPC');
        };
        return handle;
      });
    },
    readOnly(on) {
      if (!on) return end();
      answer(async () => {
        throw error('EROFS');
      });
    },
    end,
  };
}
