import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Environment } from '../core/env/environment.ts';
import { type Command, windowsCommand, windowsShell } from './windows.ts';

/** Programs that a person or a script starts through Lockstep, with values in their environment or in a file for them. */

/**
 * Signals that end a process that does nothing about them, and that it can hear: after SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP it would go
 * on where it failed, for ever, and SIGPROF is how Node's own profiler (`--cpu-prof`) looks at a process. SIGBREAK is what Ctrl+Break means on Windows.
 */
export const endingSignals: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGBREAK']
    : [
        ...(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGABRT', 'SIGALRM', 'SIGUSR1', 'SIGUSR2', 'SIGXCPU'] as const),
        ...(['SIGVTALRM', 'SIGPWR', 'SIGIO', 'SIGSTKFLT', 'SIGSYS'] as const),
      ];

/** A child process. */
export interface Child {
  /** Its exit code, or the signal that ended it. Rejects when it could not be started. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
  /** Let it live on without this process. */
  release(): void;
  /** Our ends of its files, where those are pipes of Node. */
  readonly files?: readonly (Readable | Writable | null | undefined)[];
}

/** Starts a program; `ended` says when it cannot be started, as where its variables are too large for the system. */
export function startChild(program: string, args: readonly string[], options: SpawnOptions): Child {
  let child: ChildProcess;
  try {
    child = spawn(program, args, options);
  } catch (error) {
    const ended = Promise.reject(error);
    // Nobody may ask.
    ended.catch(() => {});
    return { ended, kill: () => {}, release: () => {} };
  }
  return {
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    }),
    kill: (signal) => void child.kill(signal),
    release: () => child.unref(),
    files: child.stdio,
  };
}

/** Calls back for each signal that would end this process, until the returned function is called. */
export function onSignals(signals: readonly NodeJS.Signals[], answer: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of signals) process.on(signal, answer);
  return () => {
    for (const signal of signals) process.off(signal, answer);
  };
}

/** Where a program is started, and how signals are heard there. */
interface Around {
  readonly platform: NodeJS.Platform;
  /** A person's terminal is the child's as well. */
  readonly interactive: boolean;
  readonly onSignals: typeof onSignals;
}

/**
 * The exit code of a child. Signals to this process go on to it; those of the keyboard reach it anyway, because a terminal
 * sends them to both. On Windows that is the only way they come, and sending one on would end the child in the middle. One that a signal ended has 128 and its number, as in a shell. Rejects as `ended` does.
 */
export async function exitCodeOf(child: Child, { platform, interactive, onSignals }: Around): Promise<number> {
  const fromKeyboard = (signal: NodeJS.Signals) =>
    (interactive || platform === 'win32') && (signal === 'SIGINT' || signal === 'SIGQUIT');
  const stop = onSignals(platform === 'win32' ? ['SIGINT'] : endingSignals, (signal) => {
    if (!fromKeyboard(signal)) child.kill(signal);
  });
  try {
    const { code, signal } = await child.ended;
    return code ?? 128 + ((signal && constants.signals[signal]) || 0);
  } finally {
    stop();
  }
}

interface Place {
  readonly platform: NodeJS.Platform;
  readonly cwd: string;
  readonly env: Environment;
}

/** A line for the shell of the system. */
export function shellCommand({ platform, env }: Pick<Place, 'platform' | 'env'>, line: string): Command {
  return platform === 'win32' ? windowsShell(line, env) : { program: '/bin/sh', args: ['-c', line], verbatim: false };
}

/** A program and its words, without a shell. Undefined on Windows when it is not there; elsewhere starting it fails. Throws BAD_VALUE (`batch`). */
export function programCommand(place: Place, [program = '', ...args]: readonly string[]): Command | undefined {
  if (place.platform !== 'win32') return { program, args, verbatim: false };
  return windowsCommand([program, ...args], place);
}

/** Variables that are a private key, or say how to get at one; and the launch that this process was started for, not its child. */
const ofKeys = /^(?:SOPS_AGE_(?:KEY|SSH_PRIVATE_KEY)|LOCKSTEP_LAUNCH$)/i;

/** The environment for a program: without what opens other files. */
export function withoutKeys(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ofKeys.test(name)));
}

/** What the windows of VS Code put into SOPS_AGE_KEY, beside the keys of a person: it holds no secret, and whoever uses it has a person asked. */
const agentIdentity = /^AGE-PLUGIN-LOCKSTEP-1[0-9A-Z]+$/;

function withAgent(env: Environment): NodeJS.ProcessEnv {
  const found = env.SOPS_AGE_KEY?.split(/\s+/).find((word) => agentIdentity.test(word));
  return { ...withoutKeys(env), ...(found !== undefined && { SOPS_AGE_KEY: found }) };
}

/**
 * The environment for a program that gets values of a file. The agent is there by its plugin as it is by its key service. Windows knows a variable
 * in any case of its letters, and Node would give a program the wrong one of two.
 */
export function environmentWith(
  { env, platform }: Pick<Place, 'platform' | 'env'>,
  values: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const taken = new Set(Object.keys(values).map((name) => name.toUpperCase()));
  const kept = Object.entries(withAgent(env)).filter(
    ([name]) => platform !== 'win32' || !taken.has(name.toUpperCase()),
  );
  return { ...Object.fromEntries(kept), ...values };
}

/** Programs that run for this process alone, and wait for a person or a card: nobody hears their answer once it has ended. */
const running = new Set<ChildProcess>();

/** Lets a program end with this process, where `endRunning` is called at its end. */
export function endsWithUs(child: ChildProcess): void {
  running.add(child);
  const forget = () => running.delete(child);
  child.once('exit', forget).once('error', forget);
}

/** Ends them, in the last moment of a process: nothing is awaited. Never throws. */
export function endRunning(): void {
  for (const child of running) child.kill('SIGTERM');
  running.clear();
}
