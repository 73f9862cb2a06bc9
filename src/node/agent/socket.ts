import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { createConnection, type Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { tryLock } from '../access/lock.ts';

/** Milliseconds for somebody at a socket to take a connection. */
const patience = 1_000;
/** Times that a lock is tried for, and the milliseconds between. */
const tries = { times: 100, pause: 20 };

/**
 * Lets a server listen at a path that only this user can connect to. A socket that nobody listens at any more makes room.
 * @returns false where somebody listens there already, or something else than a socket is there. Throws what the system throws.
 */
export async function listenAt(server: Server, path: string): Promise<boolean> {
  if (process.platform === 'win32') return listening(server, path);
  // Two that look at the same dead socket must not take away the one that the other has made of it.
  const unlock = await locked(`${path}.lock`);
  try {
    if (!(await isFree(path))) return false;
    // A socket is connected to by whoever may write it, from the moment it is there.
    const mask = process.umask(0o177);
    const done = listening(server, path);
    process.umask(mask);
    if (!(await done)) return false;
    chmodSync(path, 0o600);
    return true;
  } finally {
    unlock?.();
  }
}

async function locked(path: string): Promise<() => void> {
  for (let n = 0; n < tries.times; n++) {
    const unlock = tryLock(path);
    if (unlock) return unlock;
    await wait(tries.pause);
  }
  throw new Error('the lock of a socket is not given back');
}

/** Resolves to false where the name is taken. */
function listening(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    server.once('error', failed);
    server.listen(path, () => {
      server.off('error', failed);
      resolve(true);
    });
  });
}

/** Whether nothing is there, after a socket that nobody listens at was removed. */
async function isFree(path: string): Promise<boolean> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return true;
  if (!found.isSocket() || found.uid !== process.getuid?.() || (await isAlive(path))) return false;
  unlinkSync(path);
  return true;
}

/** Whether somebody listens, or may: only a refusal says that nobody does. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const timer = setTimeout(() => answer(true), patience);
    const answer = (alive: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => answer(true));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      answer(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}
