import { closeSync, fstatSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { Writable } from 'node:stream';
import { isatty as isTty, ReadStream } from 'node:tty';
import { systemClock } from '../core/ports.ts';
import { discardStaged } from '../node/files.ts';
import { writeFully, writeFullySync } from '../node/fullwrite.ts';
import { giveBack } from '../node/kept.ts';
import { ownWriter } from '../node/output/pipe.ts';
import { isInBackground } from '../node/output/stty.ts';
import { endingSignals, endRunning, onSignals, startChild } from '../node/spawn.ts';
import { becomeUser, homeFolder, userOf } from '../node/user.ts';
import { closeInspector, endByUsr1 } from './early.ts';
import { exit, Failure } from './failure.ts';
import { cutOff } from './files/cut.ts';
import type { Io } from './io.ts';
import { programName } from './name.ts';

/**
 * The process that the command line runs in. However it ends, if that can be seen at all, a new file that did not take the
 * old one's place is removed: it may be plaintext. A program that waits for a person on its behalf ends with it.
 */
export function processIo(): Io {
  process.on('exit', discardStaged);
  process.on('exit', endRunning);
  // Of Node itself, such as that X25519 is new in it: programs take anything on standard error for a failure.
  process.removeAllListeners('warning');
  // A verb that listens as well decides itself whether to end.
  onSignals(endingSignals, (signal) => {
    if (process.listenerCount(signal) === 1) endBy(signal);
  });
  process.off('SIGUSR1', endByUsr1);
  closeInspector();
  // This process has started without them; those that it starts get them.
  giveBack(process.env);
  return {
    name: programName(process.argv[1], process.env),
    env: process.env,
    cwd: process.cwd(),
    home: homeFolder(),
    platform: process.platform,
    clock: systemClock,
    get interactive() {
      return isatty(2) && (isatty(0) || hasTerminal());
    },
    readStdin,
    stdinPieces: () => process.stdin,
    writeStdout,
    writeStderr,
    writerOf,
    isTerminal: isatty,
    ask,
    spawn: startChild,
    users: process.getuid?.() === 0 ? { find: userOf, become: becomeUser } : undefined,
    become: become(),
    onSignals,
    onExit,
    endBy,
  };
}

async function readStdin(): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part);
  return Buffer.concat(parts);
}

/** Nothing of ours goes through `process.stdout`: it takes a part of a write for all of it where the disk is full. */
async function writeStdout(bytes: string | Uint8Array): Promise<void> {
  try {
    if (isConsole(1)) await toConsole(process.stdout)(bytes);
    else await writeFully(1, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  } catch (error) {
    throw cutOff('Standard output', error);
  }
}

function writerOf(file: 1 | 2): (bytes: Uint8Array) => Promise<void> {
  const label = file === 1 ? 'Standard output' : 'Standard error';
  const put = isConsole(file) ? toConsole(file === 1 ? process.stdout : process.stderr) : ownWriter(file);
  return (bytes) =>
    put(bytes).catch((error) => {
      throw cutOff(label, error);
    });
}

/** There is nobody to tell that this did not work. */
export function writeStderr(text: string): void {
  try {
    if (isConsole(2)) process.stderr.write(text);
    else writeFullySync(2, Buffer.from(text));
  } catch {
    // The exit code says enough.
  }
}

/** Whether an open file of this process is a terminal. For one that cannot be, nothing is loaded to find out. */
function isatty(file: number): boolean {
  try {
    return (process.platform === 'win32' || fstatSync(file).isCharacterDevice()) && isTty(file);
  } catch {
    // It is closed.
    return false;
  }
}

/** A console of Windows takes text; the bytes would be shown in its own encoding. */
const isConsole = (file: number) => process.platform === 'win32' && isatty(file);

const toConsole = (stream: NodeJS.WriteStream) => (bytes: string | Uint8Array) =>
  new Promise<void>((done, failed) => {
    stream.write(bytes, (error) => (error ? failed(error) : done()));
  });

/**
 * The exit code of a run, once standard output is closed: some disks of a network tell only then that there was no room. On Windows Node
 * closes none of its first three files, and cannot even look at some that it writes to.
 */
export function closeStdout(code: number, platform = process.platform): number {
  if (platform === 'win32') return code;
  try {
    if (fstatSync(1).isFile()) closeSync(1);
    return code;
  } catch (error) {
    const failure = cutOff('Standard output', error);
    if (!(failure instanceof Failure)) return code || exit.cannotWrite;
    writeStderr(`lockstep: ${failure.message}\n${failure.next}\n`);
    return code || failure.exit;
  }
}

/** The terminal itself, where standard input is something else; undefined without one. */
function terminal(): ReadStream | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    return undefined;
  }
}

function hasTerminal(): boolean {
  const found = terminal();
  found?.destroy();
  return found !== undefined;
}

/** The question that is open, or was the last one. Until it is closed the terminal shows no key. */
let asking: { close(): void } | undefined;

/**
 * Asked on standard error, so that standard output stays what it is for. A pass phrase comes from the terminal, anything
 * else may be piped in, unless standard input has been read already.
 */
async function ask(question: string, hidden = false): Promise<string | undefined> {
  // Few verbs ask; loading it takes time.
  const { createInterface } = await import('node:readline');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  let other = hidden && !isatty(0) ? terminal() : undefined;
  // What was read to its end, as the input of a verb, has no answer, and would not even say so: Node would end in the middle.
  if (!other && process.stdin.readableEnded) {
    other = terminal();
    if (!other) {
      writeStderr(question);
      return undefined;
    }
  }
  const reader = createInterface({
    input: other ?? process.stdin,
    output: hidden ? silent : process.stderr,
    terminal: hidden || undefined,
  });
  asking = reader;
  // From now on the terminal shows no key: not a moment earlier may anybody be asked for a pass phrase.
  writeStderr(question);
  // After Ctrl+Z and `fg` it is paused, and Node would end in the middle.
  reader.on('SIGCONT', () => {
    reader.setPrompt(question);
    if (hidden) writeStderr(question);
    reader.resume();
  });
  return new Promise((resolve) => {
    reader.once('line', (line) => {
      if (hidden) writeStderr('\n');
      resolve(line);
      reader.close();
    });
    let wait = 0;
    reader.once('SIGINT', () => {
      // The signal comes first: nobody who presses Ctrl+C is told of a wrong pass phrase.
      wait = 100;
      reader.close();
      process.kill(process.pid, 'SIGINT');
    });
    reader.once('close', () => {
      other?.destroy();
      setTimeout(resolve, wait, undefined);
    });
  });
}

/** The files of this process that Node gives back their settings at its end. */
const terminals = process.platform === 'win32' ? [] : [0, 1, 2].filter((file) => isatty(file));

const isBehind = () => terminals.length > 0 && isInBackground(process.platform, process.env.PATH);

/** What has the terminal then has it in its own way: a shell at its prompt shows no key by itself. Elsewhere it takes a program to know. */
const startedBehind = process.platform === 'linux' && isBehind();

/**
 * Ends this process. Where a terminal was closed meanwhile, older versions of Node abort at their end, and the system may write the memory of
 * the process to a file: what the signal of such a terminal does is done instead. Node gives no settings back to files that are closed: those
 * that it found are not for the job that has the terminal now.
 */
export function leave(code: number): never {
  if (terminals.some((file) => !isatty(file))) {
    process.emit('exit', code);
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
    process.kill(process.pid, 'SIGKILL');
  }
  if (startedBehind || isBehind()) process.on('exit', () => terminals.forEach(closeSync));
  process.exit(code);
}

/** New in Node 22.15. */
function become(): Io['become'] {
  const { execve } = process as { execve?: (path: string, args: readonly string[], env: NodeJS.ProcessEnv) => void };
  return process.platform === 'win32' ? undefined : execve?.bind(process);
}

function onExit(work: () => void): () => void {
  process.on('exit', work);
  return () => process.off('exit', work);
}

/** By these a system writes the memory of the process to a file. */
const dumping: readonly NodeJS.Signals[] = ['SIGQUIT', 'SIGABRT', 'SIGXCPU', 'SIGSYS'];

function endBy(signal: NodeJS.Signals): void {
  asking?.close();
  discardStaged();
  endRunning();
  const code = 128 + constants.signals[signal];
  // On Windows a signal is only a word, and some of them cannot be sent. What dumps core would leave keys and values on the disk.
  if (process.platform === 'win32' || dumping.includes(signal)) leave(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  setTimeout(() => leave(code), 100);
}
