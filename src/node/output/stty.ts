import { execFileSync, type StdioOptions } from 'node:child_process';

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
