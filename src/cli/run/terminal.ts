import { existsSync } from 'node:fs';
import { shellQuoted } from '../../core/shell.ts';
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

/** The files that talk to us about the program, beside its output: its number and that it stopped; its errors; its values; that it may go on. */
export const talk = { tell: 3, errors: 4, values: 5, goOn: 6 } as const;

const { tell, errors, values, goOn } = talk;
const closed = [tell, errors, values, goOn].map((file) => `${file}>&-`).join(' ');

/**
 * What `$1` and so on name runs as a job. It says its number, takes its variables, and becomes the program; its standard error goes to a
 * file of its own where that is no terminal. A program that is suspended is told of, and goes on when we say so, or are gone.
 */
const inner = (apart: boolean) => `set -m
/bin/sh -c 'echo $$ >&${tell}; eval "$(command -p cat <&${values})"; exit 126' sh "$@"${apart ? ` 2>&${errors}` : ''}
code=$?
while jobs %% >/dev/null 2>&1; do
echo ${suspended} >&${tell}; read -r _ <&${goOn}
fg >/dev/null 2>&1; code=$?
done
exit $code`;

/** What is said of a program that stopped. */
export const suspended = 'suspended';

/**
 * Names whose values a shell makes up itself, or takes none for, as `UID` in many a `.env` for Docker. Where one is given, no shell starts the
 * program. (Bash, which is /bin/sh in many places, and dash.)
 */
export const isShells = (name: string): boolean =>
  /^(?:BASH\w*|SHELLOPTS|E?UID|PPID|GROUPS|OPTIND|LINENO|SECONDS|S?RANDOM|EPOCH\w+|FUNCNAME|DIRSTACK|HISTCMD|_)$/.test(
    name,
  );

/**
 * What the shell of the program reads: its variables, and the last command. All of it is in braces, so that nothing is run of a part. So the
 * variables are in the environment of the program alone, and not in that of `script` and the shells around it. Names that no shell can
 * hold are left out.
 */
export function assignments(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables)
    .filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    .map(([name, value]) => `export ${name}=${shellQuoted(value)}`);
  return ['{', ...lines, `exec "$@" ${closed}`, '}', ''].join('\n');
}

/**
 * The command line of `script`. Its shell must be a plain one; the program gets the person's own back.
 * @param apart standard error is not the terminal.
 */
export function underScript(
  script: string,
  { program, args }: Command,
  { platform, shell, apart }: { platform: NodeJS.Platform; shell: string | undefined; apart: boolean },
): Command {
  const own = shell === undefined ? 'unset SHELL' : `SHELL=${shellQuoted(shell)}; export SHELL`;
  const words = ['/bin/sh', '-c', `${own}\n${inner(apart)}`, 'sh', program, ...args];
  return platform === 'darwin'
    ? { program: script, args: ['-q', '/dev/null', ...words], verbatim: false }
    : {
        program: script,
        args: ['-q', '-e', '-f', '-c', `exec ${words.map(shellQuoted).join(' ')}`, '/dev/null'],
        verbatim: false,
      };
}
