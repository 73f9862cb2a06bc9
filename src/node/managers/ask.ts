import { spawn } from 'node:child_process';
import { tryUtf8 } from '../../core/bytes.ts';
import type { Command } from '../windows.ts';

/** A secret has 64 KiB where managers have a limit; written as JSON it can be six times that. */
const maxOutput = 512 * 1024;
/** As much of an error output as says why. */
const maxErrors = 64 * 1024;
/** Milliseconds that are waited for the end of an output when the program itself has ended: one that it left behind may hold it open. */
const rest = 2000;

/** What a program answered: its output where it ended with 0, else its error output, which may hold anything. */
type Answer = { readonly output: string } | { readonly errors: string } | 'slow' | 'large' | 'bytes' | 'missing';

interface How {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly seconds: number;
  readonly stop: AbortSignal | undefined;
}

/**
 * Asks a program. It has no input, and no terminal to ask a person at; its output stays in this process. It has `seconds`, then it is ended with
 * all that it started. Never rejects.
 */
export function ask({ program, args, verbatim }: Command, { env, cwd, seconds, stop }: How): Promise<Answer> {
  const apart = process.platform !== 'win32';
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A session of its own has no terminal.
      detached: apart,
      windowsHide: true,
      windowsVerbatimArguments: verbatim,
    });
    const output = new Pieces(maxOutput);
    const errors = new Pieces(maxErrors);
    const kill = () => {
      try {
        if (apart && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has ended.
      }
    };
    let late: NodeJS.Timeout | undefined;
    const finish = (answer: () => Answer) => {
      clearTimeout(timer);
      clearTimeout(late);
      stop?.removeEventListener('abort', stopped);
      process.removeListener('exit', kill);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(answer());
      output.wipe();
      errors.wipe();
    };
    const give = (answer: Answer) => {
      kill();
      finish(() => answer);
    };
    const stopped = () => give({ errors: '' });
    const timer = setTimeout(() => give('slow'), seconds * 1000);
    const ended = (code: number | null) => {
      if (code !== 0) return finish(() => ({ errors: errors.latin1 }));
      finish(() => {
        const text = output.text;
        return text === undefined ? 'bytes' : { output: text };
      });
    };
    child.stdout.on('data', (piece: Buffer) => {
      if (!output.take(piece)) give('large');
    });
    child.stderr.on('data', (piece: Buffer) => void errors.take(piece));
    child.on('error', () => finish(() => 'missing'));
    child.on('exit', (code) => {
      late = setTimeout(() => ended(code), rest);
    });
    child.on('close', ended);
    process.once('exit', kill);
    if (stop?.aborted) stopped();
    else stop?.addEventListener('abort', stopped);
  });
}

/** What came so far, up to a limit. */
class Pieces {
  readonly #pieces: Buffer[] = [];
  readonly #most: number;
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether it is still within the limit. */
  take(piece: Buffer): boolean {
    this.#size += piece.length;
    if (this.#size <= this.#most) this.#pieces.push(piece);
    else piece.fill(0);
    return this.#size <= this.#most;
  }

  /** Undefined for what is no text. */
  get text(): string | undefined {
    const all = Buffer.concat(this.#pieces);
    const text = tryUtf8(all);
    all.fill(0);
    return text;
  }

  get latin1(): string {
    return Buffer.concat(this.#pieces).toString('latin1');
  }

  wipe(): void {
    for (const piece of this.#pieces) piece.fill(0);
  }
}
