import { closeSync, constants, openSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Io } from './io.ts';

/**
 * A pipe with a name: its bytes exist in memory only, and can be read once. `done` ends the offer, read or not. Undefined
 * where there is no such thing.
 */
export async function offerPipe(
  io: Io,
  path: string,
  bytes: Uint8Array,
): Promise<{ done(): Promise<void> } | undefined> {
  if (io.platform === 'win32' || !(await makePipe(io, path))) return undefined;
  let open = false;
  const offered = openForReader(path).then(async (handle) => {
    open = true;
    // A reader that leaves before the end is its own business.
    await handle.writeFile(bytes).catch(() => undefined);
    await handle.close().catch(() => undefined);
  });
  return {
    async done() {
      // Nobody read: the other side is opened here, so that the thread that waits for a reader goes on.
      const reader = open ? undefined : openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      while (reader !== undefined && !open) await new Promise((resolve) => setImmediate(resolve));
      if (reader !== undefined) closeSync(reader);
      await offered;
    },
  };
}

/** Resolves when somebody opens the pipe to read it. */
const openForReader = (path: string): Promise<FileHandle> => open(path, 'w');

async function makePipe(io: Io, path: string): Promise<boolean> {
  try {
    const { code } = await io.spawn('mkfifo', ['-m', '600', path], { stdio: 'ignore' }).ended;
    return code === 0;
  } catch {
    return false;
  }
}
