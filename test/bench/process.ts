import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one run of a program took. */
export interface Run {
  readonly milliseconds: number;
  /** The most memory that it held at any time, in MB; undefined where the system does not tell (it does on Linux). */
  readonly memory: number | undefined;
}

/** Runs a program to its end; what it prints is thrown away. Rejects when it fails. */
export function runOnce(command: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string): Promise<Run> {
  const start = performance.now();
  const child = spawn(command, args, { env, cwd, stdio: 'ignore' });
  let memory: number | undefined;
  const look = () => {
    try {
      // The high-water mark, so that a look now and then is enough.
      const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
      if (found) memory = Number(found[1]) / 1024;
    } catch {
      // Ended, or another system.
    }
  };
  const watch = setInterval(look, 2);
  return new Promise((resolve, reject) => {
    const end = () => clearInterval(watch);
    child.once('error', (error) => {
      end();
      reject(error);
    });
    child.once('close', (code) => {
      end();
      if (code === 0) resolve({ milliseconds: performance.now() - start, memory });
      else reject(new Error(`${command} ${args[0]} ended with ${code}`));
    });
  });
}
