import { closeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { outputPipes } from '../../node/output/pipe.ts';
import { isInBackground } from '../../node/output/stty.ts';
import type { Child } from '../../node/spawn.ts';
import type { Command } from '../../node/windows.ts';
import type { Call } from '../call.ts';
import type { Io } from '../io.ts';
import { keyringOf } from '../keys/keyring.ts';
import { filesBehind } from './descriptors.ts';
import { type Given, startInTerminal } from './interminal.ts';
import type { Redaction } from './redacting.ts';
import { waitFor } from './running.ts';
import { isShells, scriptProgram } from './terminal.ts';

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
export async function runRedacted(call: Call, command: Command, given: Given, redaction: Redaction): Promise<number> {
  // It may run for days.
  keyringOf(call).forget();
  const { io } = call;
  const { child, outputs } = startPiped(io, command, given);
  const writers = [io.writerOf(1), io.writerOf(2)];
  let failed: unknown;
  let open = 0;
  const copies = outputs.map(async (from, i) => {
    const write = writers[i];
    if (!from || !write) return;
    open++;
    try {
      await redaction.copy(from, write);
    } catch (error) {
      failed ??= error;
      // The program is told in the usual way that nobody reads.
      from.destroy();
    }
    open--;
  });
  const code = await waitFor(io, child, command.program);
  // Most have ended by now.
  const timer = open > 0 ? setTimeout(() => tellOpen(io, code), patience) : undefined;
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

function startPiped(io: Io, command: Command, given: Given): Started {
  // `script` passes on no files, and starts a shell.
  const onTerminal = io.isTerminal(0) && io.isTerminal(1) && given.passed.length === 0 && !given.own.some(isShells);
  // It would be stopped at once in the background, since it changes the terminal.
  const script = onTerminal && !isInBackground(io.platform, io.env.PATH) ? scriptProgram(io.platform) : undefined;
  const pipes = outputPipes();
  const outputs = pipes?.map(({ read }) => read);
  if (script && pipes) return { child: startInTerminal(io, script, command, given, pipes), outputs: outputs ?? [] };
  if (io.isTerminal(1)) tellPipe(io);
  const wished = { ...(io.isTerminal(1) ? { FORCE_COLOR: '1', CLICOLOR_FORCE: '1' } : {}), ...given.env };
  const child = io.spawn(command.program, command.args, {
    cwd: io.cwd,
    env: wished,
    stdio: [
      'inherit',
      ...(pipes ? pipes.map(({ write }) => write) : (['pipe', 'pipe'] as const)),
      ...filesBehind(given.passed),
    ],
    windowsVerbatimArguments: command.verbatim,
  });
  for (const { write } of pipes ?? []) closeSync(write);
  return { child, outputs: outputs ?? (child.files ?? []).slice(1, 3).map(readable) };
}

const readable = (file: Readable | Writable | null | undefined) => (file && 'read' in file ? file : undefined);

function tellPipe(io: Io): void {
  io.writeStderr(
    'lockstep: The program writes to a pipe and not to the terminal, so that values in its output can be hidden. --no-redact gives it the terminal.\n',
  );
}
