import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { constants } from 'node:os';
import { Writable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { systemClock } from '../core/ports.ts';
import { discardStaged } from '../node/files.ts';
import { home } from '../node/machine.ts';
import { type Child, endingSignals, type Io } from './io.ts';
import { programName } from './name.ts';

/**
 * The process that the command line runs in. However it ends, if that can be seen at all, a new file that did not take the
 * old one's place is removed: it may be in clear text.
 */
export function processIo(): Io {
  process.on('exit', discardStaged);
  // Of Node itself, such as that X25519 is new in it: programs take anything on standard error for a failure.
  process.removeAllListeners('warning');
  // A verb that listens as well decides itself whether to end.
  onSignals(endingSignals, (signal) => {
    if (process.listenerCount(signal) === 1) endBy(signal);
  });
  return {
    name: programName(process.argv[1], process.env),
    env: process.env,
    cwd: process.cwd(),
    home: home(),
    platform: process.platform,
    clock: systemClock,
    get interactive() {
      return isatty(2) && (isatty(0) || hasTerminal());
    },
    readStdin,
    writeStdout,
    writeStderr: (text) => void process.stderr.write(text),
    ask,
    spawn: start,
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

function writeStdout(bytes: string | Uint8Array): Promise<void> {
  return new Promise((done, failed) => {
    // The reader may have gone, as `head` does; that is told in both ways.
    process.stdout.once('error', failed);
    process.stdout.write(bytes, (error) => {
      if (error) return failed(error);
      process.stdout.off('error', failed);
      done();
    });
  });
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

/**
 * Asked on standard error, so that standard output stays what it is for. A pass phrase comes from the terminal, anything
 * else may be piped in.
 */
async function ask(question: string, hidden = false): Promise<string | undefined> {
  // Few verbs ask; loading it takes time.
  const { createInterface } = await import('node:readline');
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const other = hidden && !isatty(0) ? terminal() : undefined;
  const reader = createInterface({
    input: other ?? process.stdin,
    output: hidden ? silent : process.stderr,
    terminal: hidden || undefined,
  });
  return new Promise((resolve) => {
    reader.once('line', (line) => {
      if (hidden) process.stderr.write('\n');
      resolve(line);
      reader.close();
    });
    reader.once('SIGINT', () => {
      reader.close();
      process.kill(process.pid, 'SIGINT');
    });
    reader.once('close', () => {
      other?.destroy();
      resolve(undefined);
    });
  });
}

function start(command: string, args: readonly string[], options: Parameters<Io['spawn']>[2]): Child {
  const child = spawn(command, args, options);
  return {
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    }),
    kill: (signal) => void child.kill(signal),
    release: () => child.unref(),
  };
}

function onSignals(signals: readonly NodeJS.Signals[], answer: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of signals) process.on(signal, answer);
  return () => {
    for (const signal of signals) process.off(signal, answer);
  };
}

function onExit(work: () => void): () => void {
  process.on('exit', work);
  return () => process.off('exit', work);
}

function endBy(signal: NodeJS.Signals): void {
  discardStaged();
  const code = 128 + constants.signals[signal];
  // There, a signal is only a word, and some of them cannot be sent.
  if (process.platform === 'win32') process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  setTimeout(() => process.exit(code), 100);
}
