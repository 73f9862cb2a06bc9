import { existsSync } from 'node:fs';
import type { Command } from '../../node/windows.ts';

/**
 * Runs a program under `script`, which gives it a terminal of its own and its output to us. The program then has colours, sizes and
 * keys as ever. (`script` of util-linux and of macOS; no other comes with every system.)
 */

const programs = ['/usr/bin/script', '/bin/script'];

/** Where `script` is; undefined without one that is known to work so. */
export function scriptProgram(platform: NodeJS.Platform): string | undefined {
  return platform === 'linux' || platform === 'darwin' ? programs.find((path) => existsSync(path)) : undefined;
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * What `$1` and so on name runs as a job, and says its number on file 3. A program that is suspended would leave nobody to talk to, so it
 * goes on at once. Its standard error goes to file 4 where that is no terminal.
 */
const inner = (apart: boolean) => `set -m
/bin/sh -c 'echo $$ >&3; exec 3>&-; exec "$@"${apart ? ' 2>&4 4>&-' : ''}' sh "$@"
code=$?
while [ $code -eq ${stopped} ] && fg >/dev/null 2>&1; do code=$?; done
exit $code`;

/** As a shell counts a program that Ctrl+Z stopped. */
const stopped = process.platform === 'darwin' ? 128 + 18 : 128 + 20;

/**
 * The command line of `script`. Its shell must be a plain one; the program gets the person's own back.
 * @param apart standard error is not the terminal.
 */
export function underScript(
  script: string,
  { program, args }: Command,
  { platform, shell, apart }: { platform: NodeJS.Platform; shell: string | undefined; apart: boolean },
): Command {
  const own = shell === undefined ? 'unset SHELL' : `SHELL=${quoted(shell)}; export SHELL`;
  const words = ['/bin/sh', '-c', `${own}\n${inner(apart)}`, 'sh', program, ...args];
  return platform === 'darwin'
    ? { program: script, args: ['-q', '/dev/null', ...words], verbatim: false }
    : {
        program: script,
        args: ['-q', '-e', '-f', '-c', `exec ${words.map(quoted).join(' ')}`, '/dev/null'],
        verbatim: false,
      };
}
