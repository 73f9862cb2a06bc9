import type { Context, Script as ScriptClass } from 'node:vm';
import type { Answer, Asked } from './asking.ts';
import { nodeRequire } from './noderequire.ts';

/**
 * The engine is a text (`engine.js` beside this file), which runs here or in another thread. So a bundler takes it along like any other module,
 * and there is no second file that a bundle would have to find.
 */
export interface Engine {
  answer(asked: Asked): Promise<Answer>;
}
export const engineText = (): string => require('./engine.js');
/** Packages that few files need, which take long to read: the engine asks for them by these names. */
export const lateTexts = {
  './late.js': (): string => require('./late.js'),
  './keyservice.js': (): string => require('./keyservice.js'),
};

interface Loaded extends Engine {
  /** What Node has compiled of its text so far, which another thread need not compile again. */
  compiled(): Uint8Array;
}

/**
 * An engine in this thread.
 * @param node gives it what Node has, and which of the packages are not among the texts
 * @param context where it runs; with the program's own globals without it
 */
export function loadEngine(
  node: (name: string) => unknown,
  texts: Readonly<Record<string, () => string>> = lateTexts,
  context?: Context,
): Loaded {
  const { Script }: { Script: typeof ScriptClass } = nodeRequire()('node:vm');
  const loaded = new Map<string, unknown>();
  const compile = (text: string, filename: string) =>
    new Script(`(function (exports, require, module) {${text}\n})`, { filename });
  const run = (script: ScriptClass): unknown => {
    const made = { exports: {} };
    const whole = context ? script.runInContext(context) : script.runInThisContext();
    whole(made.exports, load, made);
    return made.exports;
  };
  const load = (name: string): unknown => {
    const text = texts[name];
    if (!text) return node(name);
    if (!loaded.has(name)) loaded.set(name, run(compile(text(), name.replace('.', 'lockstep-secrets'))));
    return loaded.get(name);
  };
  const script = compile(engineText(), 'lockstep-secrets/engine.js');
  const { answer } = run(script) as Engine;
  return { answer, compiled: () => script.createCachedData() };
}
