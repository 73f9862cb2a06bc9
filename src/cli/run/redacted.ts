import { closeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type OutputPipe, outputPipes } from '../../node/outputpipe.ts';
import type { Child } from '../../node/spawn.ts';
import type { Command } from '../../node/windows.ts';
import type { Call } from '../call.ts';
import type { Io } from '../io.ts';
import { keyringOf } from '../keys/keyring.ts';
import { filesBehind } from './descriptors.ts';
import type { Redaction } from './redacting.ts';
import { waitFor } from './running.ts';
import { scriptProgram, underScript } from './terminal.ts';

/** How long after its end a program's output may stay open before the person is told why nothing happens. In milliseconds. */
const patience = 1000;

/** A program whose output is on its way to us. */
interface Started {
  readonly child: Child;
  /** Standard output, and standard error where that is not the same. */
  readonly outputs: readonly (Readable | null | undefined)[];
}

/**
 * Runs a program and copies its output without the values; its exit code. On a terminal it gets a terminal of its own, where the system
 * has `script`. Throws Failure when it cannot start, or its output cannot be written.
 */
export async function runRedacted(
  call: Call,
  command: Command,
  env: NodeJS.ProcessEnv,
  redaction: Redaction,
  passed: readonly number[],
): Promise<number> {
  // It may run for days.
  keyringOf(call).forget();
  const { io } = call;
  const { child, outputs } = startPiped(io, command, env, passed);
  const writers = [io.writerOf(1), io.writerOf(2)];
  let failed: unknown;
  const copies = outputs.map(async (from, i) => {
    const write = writers[i];
    if (!from || !write) return;
    try {
      await redaction.copy(from, write);
    } catch (error) {
      failed ??= error;
      // The program is told in the usual way that nobody reads.
      from.destroy();
    }
  });
  const code = await waitFor(io, child, command.program);
  const timer = setTimeout(() => tellOpen(io, code), patience);
  await Promise.all(copies);
  clearTimeout(timer);
  if (failed !== undefined) throw failed;
  return code;
}

function tellOpen(io: Io, code: number): void {
  io.writeStderr(
    `lockstep: The program ended with ${code}. Others that it started still write here, so Lockstep waits for them; with --no-redact it does not.\n`,
  );
}

function startPiped(io: Io, command: Command, env: NodeJS.ProcessEnv, passed: readonly number[]): Started {
  // `script` passes on no files.
  const onTerminal = io.isTerminal(0) && io.isTerminal(1) && passed.length === 0;
  const script = onTerminal ? scriptProgram(io.platform) : undefined;
  const apart = !io.isTerminal(2);
  const pipes = outputPipes(script ? 3 : 2);
  if (script && pipes) return startInTerminal(io, script, command, env, apart, pipes);
  if (io.isTerminal(1)) tellPipe(io);
  const wished = { ...(io.isTerminal(1) ? { FORCE_COLOR: '1', CLICOLOR_FORCE: '1' } : {}), ...env };
  const child = io.spawn(command.program, command.args, {
    cwd: io.cwd,
    env: wished,
    stdio: [
      'inherit',
      ...(pipes ? pipes.map(({ write }) => write) : (['pipe', 'pipe'] as const)),
      ...filesBehind(passed),
    ],
    windowsVerbatimArguments: command.verbatim,
  });
  for (const { write } of pipes ?? []) closeSync(write);
  return { child, outputs: pipes?.map(({ read }) => read) ?? child.outputs ?? [] };
}

function tellPipe(io: Io): void {
  io.writeStderr(
    'lockstep: The program writes to a pipe and not to the terminal, so that values in its output can be hidden. --no-redact gives it the terminal.\n',
  );
}

function startInTerminal(
  io: Io,
  script: string,
  command: Command,
  env: NodeJS.ProcessEnv,
  apart: boolean,
  [out, number, error]: readonly OutputPipe[],
): Started {
  if (!out || !number || !error) throw new TypeError('three pipes are needed');
  const under = underScript(script, command, { platform: io.platform, shell: env.SHELL, apart });
  const child = io.spawn(under.program, under.args, {
    cwd: io.cwd,
    env: { ...env, SHELL: '/bin/sh' },
    stdio: ['inherit', out.write, 'inherit', number.write, error.write],
  });
  for (const { write } of [out, number, error]) closeSync(write);
  let pid: number | undefined;
  number.read.on('data', (bytes: Buffer) => {
    pid = Number(bytes.toString('latin1')) || pid;
  });
  // To `script` a signal is one to end the session, which takes two seconds and a message.
  const kill = (signal: NodeJS.Signals) => {
    if (pid === undefined || !sent(pid, signal)) child.kill(signal);
  };
  return { child: { ...child, kill }, outputs: [out.read, error.read] };
}

function sent(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
