import type { Script as ScriptClass } from 'node:vm';
import type * as Threads from 'node:worker_threads';
import type { Answer, Asked } from './asking.ts';
import { SecretError } from './errors.ts';
import { nodeRequire } from './noderequire.ts';
import { type Line, signs } from './serving.ts';

/**
 * The engine is a text (`engine.js` beside this file), which runs here or in another thread. So a bundler takes it along like any other module,
 * and there is no second file that a bundle would have to find.
 */
interface Engine {
  answer(asked: Asked): Promise<Answer>;
}
const engineText = (): string => require('./engine.js');
/** Packages that few files need, which take long to read: the engine asks for them by these names. */
const lateTexts: Readonly<Record<string, () => string>> = {
  './late.js': () => require('./late.js'),
  './keyservice.js': () => require('./keyservice.js'),
};

let engine: Engine | undefined;

/** Answers in this thread, which goes on meanwhile. */
export async function askSoon(asked: Asked): Promise<Answer> {
  engine ??= loadEngine();
  return engine.answer(asked);
}

function loadEngine(): Engine {
  const node = nodeRequire();
  const { Script }: { Script: typeof ScriptClass } = node('node:vm');
  const loaded = new Map<string, unknown>();
  const run = (text: string, filename: string): unknown => {
    const made = { exports: {} };
    const script = new Script(`(function (exports, require, module) {${text}\n})`, { filename });
    script.runInThisContext()(made.exports, load, made);
    return made.exports;
  };
  const load = (name: string): unknown => {
    const text = lateTexts[name];
    if (!text) return node(name);
    if (!loaded.has(name)) loaded.set(name, run(text(), name.replace('.', 'lockstep-secrets')));
    return loaded.get(name);
  };
  return run(engineText(), 'lockstep-secrets/engine.js') as Engine;
}

interface Worker extends Line {
  readonly receive: typeof Threads.receiveMessageOnPort;
}
let worker: Worker | undefined;

/** How long a worker may show no pulse, in milliseconds: machines stand still for a while. */
const patience = 30_000;

/**
 * Answers while this thread waits: another one does the work, since most of it cannot be done without waiting for something (a socket, a program,
 * a thread of the platform).
 */
export function askNow(asked: Asked): Answer {
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
const beginning = `const { workerData: { line, engine, late } } = require('node:worker_threads');
const node = require;
const { Script } = node('node:vm');
const loaded = {};
const run = (text) => {
  const made = { exports: {} };
  new Script('(function (exports, require, module) {' + text + '\\n})').runInThisContext()(made.exports, load, made);
  return made.exports;
};
const load = (name) => (Object.hasOwn(late, name) ? (loaded[name] ??= run(late[name])) : node(name));
const { serve, answer } = run(engine);
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
      workerData: { line, engine: engineText(), late },
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
