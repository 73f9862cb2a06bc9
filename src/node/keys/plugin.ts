import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Machine, PluginProcess } from '../../core/age/plugin/port.ts';
import type { Environment } from '../../core/env/environment.ts';
import { programOnPath } from '../onpath.ts';
import { endsWithUs, withoutKeys } from '../spawn.ts';
import { type Command, windowsCommand } from '../windows.ts';

/** How long a plugin may say nothing while it is its turn: somebody has to find a token and touch it. */
const patience = 180_000;
/** How long it may take to end by itself once it is done. */
const grace = 1000;

/** Where programs are, and with what they are started. */
interface Place {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/**
 * Starts the program `age-plugin-NAME` of an age plugin, which has to be on PATH; undefined when it is not, or cannot be started.
 * The name is that of a plugin (`core/age/plugin/names.ts`), so it leads out of no folder. The program gets no key of the environment, and
 * no key in its arguments.
 */
export async function startPlugin(
  { env, platform, home }: Place,
  plugin: string,
  machine: Machine,
  silence = patience,
): Promise<PluginProcess | undefined> {
  const found = findProgram(`age-plugin-${plugin}`, env, platform, home);
  if (!found) return undefined;
  const child = spawn(found.program, [...found.args, `--age-plugin=${machine}`], {
    env: withoutKeys(env),
    // A plugin may not count on any folder, and the one that somebody works in may belong to anybody.
    cwd: home || tmpdir(),
    stdio: ['pipe', 'pipe', 'ignore'],
    shell: false,
    windowsHide: true,
    windowsVerbatimArguments: found.verbatim,
  });
  endsWithUs(child);
  const started = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
  if (!started) return undefined;
  child.on('error', () => undefined);
  // One that has ended is noticed when it is read from.
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('latin1');
  const pieces = child.stdout[Symbol.asyncIterator]() as AsyncIterator<string>;
  return {
    send: (text) => void child.stdin.write(text, 'latin1'),
    receive: () =>
      within(
        silence,
        pieces.next().then(({ value, done }) => (done ? undefined : value)),
      ),
    stop: () => {
      child.stdin.end();
      child.stdout.destroy();
      if (child.exitCode !== null) return;
      // As age does: what a plugin has to say it has said.
      child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), grace).unref();
      child.once('exit', () => clearTimeout(timer)).unref();
    },
  };
}

/** Folders that are not named from the root are left out: which one is meant would depend on where somebody works. */
function findProgram(name: string, env: Environment, platform: NodeJS.Platform, home: string): Command | undefined {
  if (platform === 'win32') return windowsCommand([name], { cwd: home, env });
  const program = programOnPath(name, env.PATH);
  return program === undefined ? undefined : { program, args: [], verbatim: false };
}

function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it says nothing')), milliseconds);
  });
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}
