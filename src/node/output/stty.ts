import { execFileSync, type StdioOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The settings of the terminal at standard input, as `setTerminal` takes them; undefined without a terminal or `stty`. */
export const terminalSettings = (path: string | undefined): string | undefined => stty(path, '-g');

/** Gives the terminal at standard input these settings, if it can be done. */
export function setTerminal(path: string | undefined, settings: string | undefined): void {
  if (settings) stty(path, settings);
}

/** @param path PATH: nothing else of the environment is its business. */
function stty(path: string | undefined, word: string): string | undefined {
  try {
    const stdio: StdioOptions = ['inherit', 'pipe', 'ignore'];
    return execFileSync('stty', [word], { stdio, env: { PATH: path }, encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** Whether another job has the terminal: whoever reads from it then, or changes its settings, is stopped. False where that cannot be known. */
export function isInBackground(platform: NodeJS.Platform, path: string | undefined): boolean {
  try {
    const [group, foreground] = platform === 'linux' ? groupsOfLinux() : groupsOf(path);
    return foreground !== undefined && foreground > 0 && foreground !== group;
  } catch {
    return false;
  }
}

/** The process group of this process, and the one that has its terminal (proc_pid_stat(5)). The name before them may hold anything. */
function groupsOfLinux(): number[] {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [Number(fields[2]), Number(fields[5])];
}

function groupsOf(path: string | undefined): number[] {
  // A word each: in one word, all behind the first `=` would be a header (POSIX), as it is on macOS.
  const args = ['-o', 'pgid=', '-o', 'tpgid=', '-p', String(process.pid)];
  const stdio: StdioOptions = ['ignore', 'pipe', 'ignore'];
  return execFileSync('ps', args, { stdio, env: { PATH: path }, encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .map(Number);
}
