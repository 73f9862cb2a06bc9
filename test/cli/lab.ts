import { type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../src/cli/io.ts';
import type { ProgramName } from '../../src/cli/name.ts';
import { main } from '../../src/cli/program.ts';
import { alice, clock } from '../core/support.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Given {
  /** `lockstep` without one. */
  readonly name?: ProgramName;
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Answers to questions, in order; with any a person is there to be asked. */
  readonly answers?: readonly string[];
  readonly platform?: NodeJS.Platform;
  /** Takes what sends a signal to a run that lasts. */
  readonly signals?: (send: (signal: NodeJS.Signals) => void) => void;
  /** Hears what is written to standard error, at once. */
  readonly heard?: (text: string) => void;
  /** Stands in for every program that is started: its exit code. */
  /** Stands in for becoming a program. */
  readonly become?: Io['become'];
  readonly program?: (command: string, words: readonly string[], options: SpawnOptions) => number;
}

/** What would be this process's own standard output and error is ours to read. */
const heardOf = (stdio: SpawnOptions['stdio']): SpawnOptions['stdio'] => {
  if (!Array.isArray(stdio)) return stdio === 'inherit' ? 'pipe' : stdio;
  return stdio.map((one, i) => (one === 'inherit' && i > 0 ? 'pipe' : one));
};

/** A folder with a home of its own, and the command line in this process with everything outside stood in for. */
export class Lab {
  readonly folder = mkdtempSync(join(tmpdir(), 'lockstep-cli-'));
  /** The place of the access log. */
  readonly state = mkdtempSync(join(tmpdir(), 'lockstep-state-'));
  /** Questions that were asked. */
  readonly asked: string[] = [];

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  env(more: Given['env'] = {}): NodeJS.ProcessEnv {
    const { PATH } = process.env;
    const places = { HOME: this.folder, XDG_CONFIG_HOME: this.folder, XDG_STATE_HOME: this.state };
    return { PATH, ...places, SOPS_AGE_KEY: alice.identity, ...more };
  }

  async run(args: readonly string[], given: Given = {}): Promise<Ran> {
    const out: Buffer[] = [];
    let err = '';
    const answers = [...(given.answers ?? [])];
    const io: Io = {
      name: given.name ?? 'lockstep',
      env: this.env(given.env),
      cwd: given.cwd ?? this.folder,
      home: this.folder,
      platform: given.platform ?? process.platform,
      clock,
      interactive: given.answers !== undefined,
      readStdin: async () => Buffer.from(given.stdin ?? ''),
      stdinPieces: async function* () {
        yield Buffer.from(given.stdin ?? '');
      },
      writeStdout: async (bytes) => void out.push(Buffer.from(bytes)),
      writeStderr: (text) => {
        err += text;
        given.heard?.(text);
      },
      writerOf: (file) => async (bytes) => {
        if (file === 1) out.push(Buffer.from(bytes));
        else err += Buffer.from(bytes).toString('utf8');
      },
      isTerminal: () => false,
      ask: async (question) => {
        this.asked.push(question);
        return answers.shift();
      },
      spawn: (command, words, options) => {
        if (given.program) {
          const code = given.program(command, words, options);
          return { ended: Promise.resolve({ code, signal: null }), kill: () => {}, release: () => {} };
        }
        const child = spawn(command, words, {
          ...options,
          stdio: heardOf(options.stdio),
        });
        child.stdin?.end();
        child.stdout?.on('data', (data: Buffer) => out.push(data));
        child.stderr?.on('data', (data: Buffer) => {
          err += data;
        });
        return {
          ended: new Promise((resolve, reject) => {
            child.once('error', reject);
            child.once('close', (code, signal) => resolve({ code, signal }));
          }),
          kill: (signal) => void child.kill(signal),
          release: () => child.unref(),
        };
      },
      become: given.become,
      onSignals: (_, answer) => {
        given.signals?.(answer);
        return () => {};
      },
      onExit: () => () => {},
      endBy: () => {},
    };
    const code = await main(args, io);
    return { code, out: Buffer.concat(out).toString('utf8'), err };
  }

  dispose(): void {
    for (const folder of [this.folder, this.state]) rmSync(folder, { recursive: true, force: true });
  }
}
