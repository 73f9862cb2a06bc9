import { shellQuoted } from '../shell.ts';

/** What the script of a debug session holds: paths, names of secrets and the id of the launch. No value, no key. */
interface LaunchScript {
  /** Variables for the command line alone, which takes them away from the program: where the keys are asked for, and for what. */
  readonly env: Readonly<Record<string, string>>;
  /** The command line with its words, up to and with `--`. */
  readonly words: readonly string[];
  /** What it starts, before the words that the debugger gives; undefined where the first of those is the program. */
  readonly real: readonly string[] | undefined;
  /** A file that the program gets besides the usual three, where the debugger opened it. */
  readonly passes?: number | undefined;
}

/** What a debugger asks a program about itself before it starts it: that needs no secret, and no person is there to be asked. */
const asks = `case "$#$1" in
1--version | 1-version | 1-V | 1version | [0-9]--util=*) `;

/** The script for /bin/sh. The first word of `words` is the program; the others stand behind it. Throws TypeError for a NUL. */
export function shellScript({ env, words, real, passes }: LaunchScript): string {
  const given = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)} `);
  const [program = '', verb = '', ...rest] = words;
  const own = (more: string) =>
    `${given.join('')}exec ${quoted(program)} ${quoted(verb)}${more} ${[...rest, ...(real ?? [])].map(quoted).join(' ')} "$@"`;
  const start =
    passes === undefined
      ? own('')
      : // Only a shell can tell whether it was given the file: Node opens some of its own.
        `if (: >&${passes}) 2>/dev/null; then\n  ${own(` --pass-fd ${passes}`)}\nfi\n${own('')}`;
  return `#!/bin/sh
# Written by Lockstep for one debug session. It holds names, and no value.
${real === undefined ? '' : `${asks}exec ${real.map(quoted).join(' ')} "$@" ;;\nesac\n`}${start}
`;
}

/** A word that a shell takes as it is. */
function quoted(word: string): string {
  if (word.includes('\0')) throw new TypeError('a word with NUL');
  return shellQuoted(word);
}

/**
 * The script for the shell of Windows; undefined where a word of it cannot be written there: `%` and `"` are more than themselves in
 * every kind of quotes.
 */
export function batchScript({ env, words, real }: LaunchScript): string | undefined {
  const all = [...words, ...(real ?? [])];
  if ([...all, ...Object.values(env)].some((word) => /["%\r\n\0]/.test(word))) return undefined;
  const sets = Object.entries(env).map(([name, value]) => `set "${name}=${value}"`);
  return ['@echo off', 'setlocal', ...sets, `call ${all.map((word) => `"${word}"`).join(' ')} %*`, ''].join('\r\n');
}
