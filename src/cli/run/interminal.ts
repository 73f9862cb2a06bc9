import { closeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { OutputPipe } from '../../node/output/pipe.ts';
import { isInBackground, setTerminal, terminalSettings } from '../../node/output/stty.ts';
import type { Child } from '../../node/spawn.ts';
import type { Command } from '../../node/windows.ts';
import type { Io } from '../io.ts';
import { assignments, suspended, talk, underScript } from './terminal.ts';

/** How long a signal that stops this process may be on its way, or the last of the output. In milliseconds. */
const moment = 50;

/** What a program in a terminal of its own is given. */
export interface Given {
  readonly env: NodeJS.ProcessEnv;
  /** The names in it that nobody but the program gets. */
  readonly own: readonly string[];
  /** Open files besides standard input, output and error; none on a terminal of its own. */
  readonly passed: readonly number[];
}

/**
 * Starts a program under `script`, with its output going to two pipes. Signals go to the program itself, and when it is suspended, so is this
 * process with `script`.
 */
export function startInTerminal(
  io: Io,
  script: string,
  command: Command,
  { env, own }: Given,
  [out, errors]: readonly [OutputPipe, OutputPipe],
): Child {
  const under = underScript(script, command, {
    platform: io.platform,
    shell: env.SHELL,
    apart: !io.isTerminal(2),
  });
  const names = new Set(own);
  const entries = Object.entries(env);
  const settings = terminalSettings(io.env.PATH);
  const child = io.spawn(under.program, under.args, {
    cwd: io.cwd,
    env: { ...Object.fromEntries(entries.filter(([name]) => !names.has(name))), SHELL: '/bin/sh' },
    stdio: ['inherit', out.write, 'inherit', 'pipe', errors.write, 'pipe', 'pipe'],
  });
  for (const { write } of [out, errors]) closeSync(write);
  const [tell, values, goOn] = [talk.tell, talk.values, talk.goOn].map((file) => child.files?.[file]);
  // The program may be gone.
  for (const pipe of [tell, values, goOn]) pipe?.on('error', () => {});
  const given = Object.fromEntries(
    entries.flatMap(([name, value]) => (names.has(name) && value !== undefined ? [[name, value]] : [])),
  );
  send(values, assignments(given), true);
  let pid: number | undefined;
  hear(tell, (line) => {
    if (line === suspended) void suspend(io, child, settings).finally(() => send(goOn, '\n'));
    else pid = Number(line) || pid;
  });
  // To `script` a signal is one to end the session, which takes two seconds and a message.
  const kill = (signal: NodeJS.Signals) => {
    if (pid === undefined || !sent(pid, signal)) child.kill(signal);
  };
  return { ...child, kill };
}

/** So often a job is woken in the background, at most: where no shell has job control the system stops nobody. */
const mostWakes = 100;

/**
 * As Ctrl+Z does to a job: until somebody wakes it, or for a moment where nobody could, which the system knows (SIGTSTP). In the background
 * (`bg`) it stops again: `script` cannot be there.
 */
async function suspend({ env: { PATH }, platform }: Io, child: Child, before: string | undefined): Promise<void> {
  await pause(moment);
  const now = terminalSettings(PATH);
  // It would read from the terminal meanwhile, and leaves it as programs with a screen have it. No other signal stops it.
  child.kill('SIGSTOP');
  setTerminal(PATH, before);
  for (let woken = 0; woken === 0 || (woken < mostWakes && isInBackground(platform, PATH)); woken++) {
    // Who woke this process woke it, too.
    child.kill('SIGSTOP');
    process.kill(0, 'SIGTSTP');
    await pause(moment);
  }
  setTerminal(PATH, now);
  child.kill('SIGCONT');
  // It may have another size now.
  child.kill('SIGWINCH');
}

type Pipe = NonNullable<Child['files']>[number];

function send(pipe: Pipe, text: string, isAll = false): void {
  if (!pipe || !('write' in pipe)) return;
  if (isAll) pipe.end(text);
  else pipe.write(text);
}

function hear(pipe: Pipe, answer: (line: string) => void): void {
  let rest = '';
  pipe?.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) answer(line);
  });
}

function sent(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
