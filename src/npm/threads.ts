import type * as Threads from 'node:worker_threads';
import type { Answer, Asked } from './asking.ts';
import { atOnce, compiledSoFar } from './atonce.ts';
import { SecretError } from './errors.ts';
import { type Engine, engineText, lateTexts, loadEngine } from './loading.ts';
import { nodeRequire } from './noderequire.ts';
import { type Line, signs } from './serving.ts';

let engine: Engine | undefined;

/** Answers in this thread, which goes on meanwhile. */
export async function askSoon(asked: Asked): Promise<Answer> {
  engine ??= loadEngine(nodeRequire());
  return engine.answer(asked);
}

interface Worker extends Line {
  readonly receive: typeof Threads.receiveMessageOnPort;
}
let worker: Worker | undefined;

/** How long a worker may show no pulse, in milliseconds: machines stand still for a while. */
const patience = 30_000;

/** Answers while this thread waits. Once something has to be waited for, another one does the work. */
export function askNow(asked: Asked): Answer {
  return (worker ? undefined : atOnce(asked)) ?? askThere(asked);
}

function askThere(asked: Asked): Answer {
  worker ??= startWorker();
  const { port, state, receive } = worker;
  const before = Atomics.load(state, signs.answered);
  port.postMessage(asked);
  let pulse = -1;
  while (Atomics.wait(state, signs.answered, before, patience) === 'timed-out') {
    const now = Atomics.load(state, signs.pulse);
    if (now === pulse) throw gone();
    pulse = now;
  }
  const received = receive(port)?.message as Answer | undefined;
  if (received === undefined || Atomics.load(state, signs.ended) !== 0) throw gone();
  return received;
}

function gone(): SecretError {
  worker = undefined;
  return new SecretError({
    code: 'FAILED',
    reason: undefined,
    message: 'The thread that decrypts has ended.\nTry again, or use the form that returns a promise.',
  });
}

/** What `loadEngine` does, in a thread of its own. */
const beginning = `const { workerData: { line, engine, late, compiled } } = require('node:worker_threads');
const node = require;
const { Script } = node('node:vm');
const loaded = {};
const run = (text, cachedData) => {
  const made = { exports: {} };
  const script = new Script('(function (exports, require, module) {' + text + '\\n})', { cachedData });
  script.runInThisContext()(made.exports, load, made);
  return made.exports;
};
const load = (name) => (Object.hasOwn(late, name) ? (loaded[name] ??= run(late[name])) : node(name));
const { serve, answer } = run(engine, compiled);
serve(line, answer);`;

function startWorker(): Worker {
  const threads: typeof Threads = nodeRequire()('node:worker_threads');
  const { port1, port2 } = new threads.MessageChannel();
  const state = new Int32Array(new SharedArrayBuffer(12));
  const line: Line = { port: port2, state };
  const late = Object.fromEntries(Object.entries(lateTexts).map(([name, text]) => [name, text()]));
  try {
    const thread = new threads.Worker(beginning, {
      eval: true,
      workerData: { line, engine: engineText(), late, compiled: compiledSoFar() },
      transferList: [port2],
      // What a program loads before its first line is not loaded here, least of all this package.
      execArgv: [],
      env: {},
      name: 'lockstep-secrets',
    });
    thread.unref();
    thread.on('error', () => {
      worker = undefined;
    });
  } catch (error) {
    throw notAllowed(error);
  }
  return { port: port1, state, receive: threads.receiveMessageOnPort };
}

function notAllowed(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_ACCESS_DENIED')) return error;
  return new SecretError({
    code: 'FAILED',
    reason: undefined,
    message:
      'This process may start no thread, which the form without a promise needs.\nUse the form that returns a promise, or start Node with --allow-worker.',
  });
}
