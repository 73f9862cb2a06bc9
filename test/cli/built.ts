import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../core/shared.ts';
import { run } from '../run/child.mjs';

/** Builds the command line as it is shipped, beside dist/; the path of the file that is run, which loads one beside it. */
export async function builtCli(): Promise<string> {
  const outfile = join(root, '.cache', 'cli', `cli-${process.pid}.js`);
  await run(process.execPath, ['esbuild.mjs', '--production', '--cli', outfile], { cwd: root });
  return outfile;
}

export interface Process {
  readonly child: ChildProcess;
  /** Resolves when `text` has been printed. Rejects when the process ends before. */
  printed(text: string): Promise<void>;
  /** Everything that has been printed. */
  output(): string;
  /** The exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts the built command line as a process of its own. */
export function startCli(cli: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Process {
  const child = spawn(process.execPath, [cli, ...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  const listeners = new Set<() => void>();
  const heard = (data: Buffer) => {
    out += data;
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', heard);
  child.stderr.on('data', heard);
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 1));
  });
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!out.includes(text)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void ended.then((how) => reject(new Error(`it ended with ${how} before it printed ${text}`)));
    });
  return { child, printed, output: () => out, ended };
}

/** Runs the built command line to its end. */
export function runCli(
  cli: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  input: string | Uint8Array = '',
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [cli, ...args], { cwd, env, input, maxBuffer: 1 << 28, encoding: 'utf8' });
}
