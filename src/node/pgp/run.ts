import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import type { Environment } from '../../core/env/environment.ts';
import { LockstepError } from '../../core/errors.ts';
import type { GpgProgram, GpgRun, RunGpg } from '../../core/pgp/gpg.ts';
import { programOnPath } from '../onpath.ts';
import { endsWithUs, withoutKeys } from '../spawn.ts';
import { type Command, windowsCommand } from '../windows.ts';

/** Where gpg is, and with what it is started. */
interface GpgPlace {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** The folder that SOPS_GPG_EXEC counts from; without it, it has to be a name or a full path. */
  readonly cwd?: string;
}

/** How long gpg may take, in milliseconds. */
interface Patience {
  /** While somebody may be typing a pass phrase, or looking for a card. */
  readonly asking: number;
  readonly quiet: number;
}

const patience: Patience = { asking: 300_000, quiet: 60_000 };
/** How long it may take to end once it is told to. */
const grace = 1000;
/** A list of keys is long where somebody has thousands. */
const maxOutput = 8 * 1024 * 1024;

/**
 * Runs the user's gpg: SOPS_GPG_EXEC, else `gpg` on PATH (SOPS pgp/keysource.go). It gets no key of age in its environment, and everything
 * else there, such as GNUPGHOME and GPG_TTY. @param stop ends it when nobody waits for it any more
 */
export function gpgRunner(place: GpgPlace, stop?: () => AbortSignal | undefined, limits = patience): RunGpg {
  return async (args, input, waits) => {
    const found = findGpg(place);
    if (!found) throw new LockstepError('PGP', { what: 'missing' });
    return runOnce(found, args, input, {
      env: withoutKeys(place.env),
      cwd: place.home || tmpdir(),
      limit: waits ? limits.asking : limits.quiet,
      signal: stop?.(),
    });
  };
}

/** gpg for one process that lives long: whether it is there, and how it runs. */
export const nodeGpg = (place: GpgPlace): GpgProgram => {
  let seen = false;
  let waiting = new AbortController();
  return {
    // It is asked for each key of each file. One that goes away is noticed when it is to run.
    isThere: () => (seen ||= findGpg(place) !== undefined),
    run: gpgRunner(place, () => waiting.signal),
    stop: () => {
      waiting.abort();
      waiting = new AbortController();
    },
  };
};

/** The program; undefined where there is none. */
function findGpg({ env, platform, home, cwd }: GpgPlace): Command | undefined {
  const named = env.SOPS_GPG_EXEC || 'gpg';
  const isPath = /[\\/]/.test(named);
  if (isPath && !isAbsolute(named) && cwd === undefined) return undefined;
  const program = isPath ? resolve(cwd ?? '/', named) : named;
  if (platform === 'win32') return windowsCommand([program], { cwd: cwd ?? home, env });
  const full = isPath ? program : programOnPath(program, env.PATH);
  return full === undefined ? undefined : { program: full, args: [], verbatim: false };
}

interface Around {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

function runOnce(
  { program, args: before, verbatim }: Command,
  args: readonly string[],
  input: Uint8Array,
  { env, cwd, limit, signal }: Around,
): Promise<GpgRun> {
  if (signal?.aborted) return Promise.reject(new LockstepError('PGP', { what: 'cancelled' }));
  return new Promise((done, failed) => {
    const child = spawn(program, [...before, ...args], {
      env,
      cwd,
      stdio: 'pipe',
      shell: false,
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
    endsWithUs(child);
    const [out, told]: [Buffer[], Buffer[]] = [[], []];
    let size = 0;
    let ended: 'missing' | 'silent' | 'cancelled' | 'failed' | undefined;
    const end = (why: typeof ended) => {
      ended ??= why;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), grace).unref();
      // What it has started may hold the pipes open: nobody reads them any more.
      setTimeout(() => finish(null), grace * 2).unref();
    };
    const take = (pieces: Buffer[]) => (piece: Buffer) => {
      pieces.push(piece);
      size += piece.length;
      if (size > maxOutput) end('failed');
    };
    const timer = setTimeout(() => end('silent'), limit);
    const abort = () => end('cancelled');
    signal?.addEventListener('abort', abort, { once: true });
    const finish = (code: number | null) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      const output = Buffer.concat(out);
      const text = Buffer.concat(told).toString('utf8');
      for (const piece of out) piece.fill(0);
      if (!ended) return done({ output, told: text, ok: code === 0 });
      output.fill(0);
      child.stdout.destroy();
      child.stderr.destroy();
      failed(new LockstepError('PGP', { what: ended }));
    };
    child.stdout.on('data', take(out));
    child.stderr.on('data', take(told));
    // One that has ended does not read.
    child.stdin.on('error', () => undefined);
    child.on('error', () => {
      ended ??= 'missing';
      finish(null);
    });
    child.on('close', finish);
    child.stdin.end(input);
  });
}
