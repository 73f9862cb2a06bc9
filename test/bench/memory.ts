import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The most memory that a program held at any time, in MB; undefined where the system does not tell (it does on Linux). */
export function peakMemory(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number | undefined> {
  const child = spawn(command, args, { env, stdio: 'ignore' });
  let peak: number | undefined;
  const look = () => {
    try {
      // The high-water mark, so that a look now and then is enough.
      const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
      if (found) peak = Number(found[1]) / 1024;
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
      if (code === 0) resolve(peak);
      else reject(new Error(`${command} ${args[0]} ended with ${code}`));
    });
  });
}
