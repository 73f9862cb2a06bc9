import type * as Fs from 'node:fs';
import type * as Vm from 'node:vm';
import type { Answer, Asked } from './asking.ts';
import { lateTexts, loadEngine } from './loading.ts';
import { nodeRequire } from './noderequire.ts';

/** Modules of Node that do what they are told before they return. */
const prompt = /^(?:node:)?(?:crypto|fs|os|path|url|util)$/;
/** Globals that do something later, which is never here. */
const timers = ['setTimeout', 'setInterval', 'setImmediate'];
const timer = { unref: () => timer };
/** What Node makes, too, and the engine knows by its class. */
const classes = /.Array$|ArrayBuffer$|^DataView$|Error$/;

let here: Here | undefined;
let mustWait = false;
let compiled: Uint8Array | undefined;

/** What was compiled of the engine when something had to be waited for. */
export const compiledSoFar = (): Uint8Array | undefined => compiled;

interface Here {
  /** Undefined when it waits. */
  answer(asked: Asked): Answer | undefined;
  compiled(): Uint8Array;
}

/**
 * The answer, by the engine in this thread. Undefined where there is none without waiting: for a socket, another program or a thread of the platform.
 * Nobody has been asked then, and nothing is recorded.
 */
export function atOnce(asked: Asked): Answer | undefined {
  mustWait = false;
  here ??= start();
  const answer = here.answer(asked);
  if (answer !== undefined && !mustWait) return answer;
  compiled = here.compiled();
  // What it waits for may come, and finds nobody.
  here = undefined;
  return undefined;
}

/** No engine goes on with less than it asked for: what would start a program or a connection throws. */
function stop(): never {
  mustWait = true;
  throw new Error('That has to be waited for.');
}

/** An engine whose promises have a queue of their own. Node empties it when a script has run there, and nothing of the program runs meanwhile. */
function start(): Here {
  const node = nodeRequire();
  const { Script }: typeof Vm = node('node:vm');
  const context = makeContext(node('node:vm'));
  const Soon: PromiseConstructor = new Script('Promise').runInContext(context);
  const load = (name: string) => {
    if (prompt.test(name)) return node(name);
    if (name.endsWith('/promises')) return filesNow(node('node:fs'), Soon);
    // What asks a key service is no module of Node, and large.
    return name.startsWith('node:') ? new Proxy({}, { get: () => stop }) : stop();
  };
  const engine = loadEngine(load, { './late.js': lateTexts['./late.js'] }, context);
  // A function of this context as a handler would wait in the queue of the program.
  const script = new Script('work.answer(work.asked).then((answer) => work.done(answer))');
  return {
    answer(asked) {
      let given: Answer | undefined;
      const done = (answer: Answer) => {
        given = answer;
      };
      context.work = { answer: engine.answer, asked, done };
      script.runInContext(context);
      context.work = undefined;
      return given;
    },
    compiled: engine.compiled,
  };
}

/**
 * Of the modules whose functions give promises, what reads files, with the promises of a context. All else gives one that is never kept, so that nothing
 * is begun. A pipe can be read only once, and somebody may write to it later.
 */
function filesNow(fs: typeof Fs, Soon: PromiseConstructor): object {
  const soon =
    <A extends unknown[]>(work: (...args: A) => unknown) =>
    (...args: A) =>
      new Soon((resolve) => resolve(work(...args)));
  const never = () => {
    mustWait = true;
    return new Soon(() => undefined);
  };
  const reading: Readonly<Record<string | symbol, unknown>> = {
    lstat: soon(fs.lstatSync),
    readFile: soon((path: string, how?: BufferEncoding) =>
      fs.statSync(path).isFile() ? fs.readFileSync(path, how) : never(),
    ),
    realpath: soon(fs.realpathSync.native),
    stat: soon(fs.statSync),
  };
  return new Proxy(reading, { get: (_, name) => reading[name] ?? never });
}

/** A context with the globals of Node. Of those of JavaScript it has its own, but for the classes of what comes from Node. */
function makeContext({ Script, createContext }: typeof Vm): Vm.Context {
  const context = createContext({}, { microtaskMode: 'afterEvaluate' });
  const itself = new Script('globalThis');
  // Not this file's: a test runner may run it with others.
  const outer = itself.runInThisContext();
  const inner = itself.runInContext(context);
  for (const name of Object.getOwnPropertyNames(outer)) {
    if (Object.hasOwn(inner, name)) {
      if (!classes.test(name)) continue;
      // An error that JavaScript itself throws in there.
      if (name.endsWith('Error')) Object.setPrototypeOf(inner[name].prototype, outer[name].prototype);
    }
    // Some are large, and made when they are first asked for.
    Object.defineProperty(context, name, { get: () => (timers.includes(name) ? () => timer : outer[name]) });
  }
  return context;
}
