import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Launches, LaunchFolder } from '../../core/platform/launches.ts';
import { isRunning, pidSpace } from '../private.ts';

const isWindows = process.platform === 'win32';

/** Of a pipe, in milliseconds: how often is looked whether somebody reads, and how long at most. */
const beat = 20;
const patience = 60_000;

export const nodeLaunches: Launches = {
  isWindows,
  async make(place) {
    await mkdir(place, { recursive: true, mode: 0o700 });
    await removeAbandoned(place);
    const path = join(place, `${pidSpace()}-${process.pid}-${randomBytes(8).toString('hex')}`);
    await mkdir(path, { mode: 0o700 });
    return folderAt(path);
  },
};

function folderAt(path: string): LaunchFolder {
  let gone = false;
  let pipes = 0;
  const made = async (name: string) => {
    const at = join(path, name);
    await mkdir(dirname(at), { recursive: true, mode: 0o700 });
    return at;
  };
  return {
    async script(name, text) {
      const at = await made(name);
      await writeFile(at, text, { mode: 0o700 });
      return at;
    },
    async copy(from, name) {
      await copyFile(from, await made(name)).catch(() => undefined);
    },
    async pipe(name, text) {
      const at = await made(name);
      // One that nobody has read is answered no more.
      pipes++;
      await rm(at, { force: true });
      await promisify(execFile)('mkfifo', ['-m', '600', at], { env: { PATH: process.env.PATH } });
      const own = ++pipes;
      void answer(at, text, () => gone || own !== pipes).catch(() => undefined);
      return at;
    },
    async remove() {
      gone = true;
      await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    },
  };
}

/** Waits for a reader without opening the pipe: a thread that waits could not be called back. */
async function answer(path: string, text: () => Promise<string>, isOver: () => boolean): Promise<void> {
  const end = Date.now() + patience;
  while (Date.now() < end && !isOver()) {
    const file = await open(path, constants.O_WRONLY | constants.O_NONBLOCK).catch(() => undefined);
    if (!file) {
      await sleep(beat, undefined, { ref: false });
      continue;
    }
    try {
      // Nobody who comes later gets anything.
      await unlink(path);
      await writeAll(file, Buffer.from(await text()));
    } finally {
      await file.close();
    }
    return;
  }
  if (!isOver()) await unlink(path).catch(() => undefined);
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += (await file.write(bytes, at)).bytesWritten;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      await sleep(beat);
    }
  }
  bytes.fill(0);
}

const nameOfFolder = /^(\d+)-(\d+)-[0-9a-f]{16}$/;

/** A process that was killed leaves its folders. */
async function removeAbandoned(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const [, space, pid] = nameOfFolder.exec(name) ?? [];
    if (space === pidSpace() && !isRunning(Number(pid)))
      await rm(join(place, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
