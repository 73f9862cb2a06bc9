import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../../core/env/environment.ts';
import type { ForeignKind } from '../../core/sops/kinds.ts';
import { withoutKeys } from '../spawn.ts';
import { fault, type Service } from './client.ts';
import { realOf, sopsOnPath } from './usersops.ts';

/** Milliseconds until it has to listen, and to say its version, on a machine that has much else to do. */
const toStart = 30_000;
/** Milliseconds without a question after which it is ended. */
const idle = 5 * 60_000;

/** The oldest that is known to have what we ask for. */
const [oldestMajor, oldestMinor] = [3, 9];

/** A path of a socket is no longer than that on any system. */
const longestPath = 100;

interface Place {
  readonly env: Environment;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/**
 * sops gets our standard input, of which it reads nothing. What waits for the end of that ends it: also where this process is killed. So nobody
 * is left behind who gives keys to whoever asks.
 */
const script = `exec 3<&0 </dev/null
( cat <&3 >/dev/null; kill -TERM $$; rm -f "$2"; rmdir "$3" ) 2>/dev/null &
exec "$1" keyservice --network unix --address "$2" 3<&-`;

/** `sops keyservice` of the user, started at the first question on a socket in a folder for this user alone, ended by `stop`. */
export class OwnService implements Service {
  readonly #place: Place;
  #running: Promise<{ readonly uri: string; readonly child: ChildProcess }> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(place: Place) {
    this.#place = place;
  }

  readonly uri = async (kind: ForeignKind): Promise<string> => {
    this.#running ??= this.#start(kind).catch((error) => {
      this.#running = undefined;
      throw error;
    });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), idle).unref();
    return (await this.#running).uri;
  };

  /** Ends it. The next question starts another one. */
  stop(): void {
    clearTimeout(this.#timer);
    const running = this.#running;
    this.#running = undefined;
    running?.then(({ child }) => child.stdin?.destroy()).catch(() => undefined);
  }

  async #start(kind: ForeignKind) {
    const program = sopsOnPath(this.#place);
    if (program === undefined) throw fault(kind, 'version');
    await this.#requireVersion(program, kind);
    const { env, home } = this.#place;
    const folder = mkdtempSync(join(socketFolder(env), 'lockstep-keys-'));
    const socket = join(folder, 'sops.sock');
    const words = ['-c', script, 'sh', program, socket, folder];
    const child = spawn('/bin/sh', words, {
      cwd: home || tmpdir(),
      env: withoutKeys(env),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.once('error', () => undefined);
    child.stdin.on('error', () => undefined);
    child.once('exit', () => {
      child.stdin.destroy();
      rmSync(folder, { recursive: true, force: true });
      this.#running = undefined;
    });
    // Nobody waits for it when all else is done.
    child.unref();
    (child.stdin as unknown as { unref(): void }).unref();
    if (!(await listens(socket, child))) {
      child.stdin.destroy();
      throw fault(kind, 'ended');
    }
    return { uri: `unix://${pathToFileURL(socket).pathname}`, child };
  }

  /** It looks for a newer one at its home page otherwise. */
  async #requireVersion(program: string, kind: ForeignKind): Promise<void> {
    const env = { ...withoutKeys(this.#place.env), SOPS_DISABLE_VERSION_CHECK: 'true' };
    const text = await new Promise<string>((resolve) => {
      execFile(program, ['--version'], { env, timeout: toStart, maxBuffer: 64 * 1024 }, (_, out) => resolve(out));
    });
    const [, major = 0, minor = 0] = /^sops (\d+)\.(\d+)\./m.exec(text) ?? [];
    const enough = +major > oldestMajor || (+major === oldestMajor && +minor >= oldestMinor);
    if (!enough) throw fault(kind, 'version');
  }
}

/** The folder of this user's sockets, if a path below it is short enough for one. */
function socketFolder({ XDG_RUNTIME_DIR }: Environment): string {
  const fits = XDG_RUNTIME_DIR && isAbsolute(XDG_RUNTIME_DIR) && XDG_RUNTIME_DIR.length + 40 < longestPath;
  return fits && realOf(XDG_RUNTIME_DIR) !== undefined ? XDG_RUNTIME_DIR : tmpdir();
}

/** Resolves when somebody accepts a connection there; to false when the process ended first, or took too long. */
async function listens(path: string, child: ChildProcess): Promise<boolean> {
  for (const until = Date.now() + toStart; Date.now() < until; ) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return false;
    if (await accepts(path)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

const accepts = (path: string) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
