import type { SpawnOptions } from 'node:child_process';
import type { Environment } from '../core/env/environment.ts';
import type { Clock } from '../core/ports.ts';

import type { Child } from '../node/spawn.ts';
import type { User } from '../node/user.ts';

import type { ProgramName } from './name.ts';

/** Everything outside that a verb touches besides files, so that tests can stand in for it. */
export interface Io {
  /** The name that this run was started under. */
  readonly name: ProgramName;
  readonly env: Environment;
  readonly cwd: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  /** A person can be asked: standard input and standard error are a terminal. */
  readonly interactive: boolean;
  /** All of standard input. */
  readStdin(): Promise<Uint8Array>;
  /** The same as it comes, from a program that waits for answers. */
  stdinPieces(): AsyncIterable<Uint8Array>;
  /** Resolves when the bytes are out. */
  writeStdout(bytes: string | Uint8Array): Promise<void>;
  writeStderr(text: string): void;
  /** As `writeStdout`, on standard output or error (1, 2): for much of it, as another program wrote it. */
  writerOf(file: 1 | 2): (bytes: Uint8Array) => Promise<void>;
  /** Whether standard input, output or error (0 to 2) is a terminal. */
  isTerminal(file: 0 | 1 | 2): boolean;
  /** A line typed by a person, without its line end; undefined at the end of input. `hidden` shows nothing of it. */
  ask(question: string, hidden?: boolean): Promise<string | undefined>;
  /** Standard input, output and error are this process's own. */
  spawn(command: string, args: readonly string[], options: SpawnOptions): Child;
  /** Other users of this machine, whose process this one can become; undefined for everybody but root. */
  readonly users?: { find(name: string): User | undefined; become(user: User): void } | undefined;
  /** Replaces this process by a program, given by its path; undefined where that cannot be done. Returns only where it failed. */
  readonly become?: ((path: string, args: readonly string[], env: NodeJS.ProcessEnv) => void) | undefined;
  /** Calls back for each signal that would end this process, until the returned function is called. */
  onSignals(signals: readonly NodeJS.Signals[], answer: (signal: NodeJS.Signals) => void): () => void;
  /** Calls back in the last moment of this process, however it ends; nothing may be awaited there. */
  onExit(work: () => void): () => void;
  /** Ends this process as the signal does. */
  endBy(signal: NodeJS.Signals): void;
}
