import { statSync } from 'node:fs';
import { win32 } from 'node:path';
import type { Environment } from '../core/env/environment.ts';
import { LockstepError } from '../core/errors.ts';

/** A program to start, as `spawn` takes it. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** The words are one command line, quoted already. Windows only. */
  readonly verbatim: boolean;
}

/** Where a program is looked for. */
interface Place {
  readonly cwd: string;
  readonly env: Environment;
}

/** A line for cmd.exe, by its full path: under its name alone Windows starts one that lies in the current folder first. */
export function windowsShell(line: string, env: Environment): Command {
  const named = variable(env, 'ComSpec') ?? '';
  const system = variable(env, 'SystemRoot') || 'C:\\Windows';
  const program = win32.isAbsolute(named) ? named : win32.join(system, 'System32', 'cmd.exe');
  return { program, args: ['/d', '/s', '/c', `"${line}"`], verbatim: true };
}

/**
 * A program and its words, without what Node does by itself on Windows: it looks into the current folder before PATH, where
 * a repository may have put anything, and starts no `.cmd`, which is what npm and many editors are. Undefined when it is not
 * there. Throws BAD_VALUE (`batch`) for words that cmd.exe would not leave as they are.
 */
export function windowsCommand(
  [name, ...args]: readonly string[],
  place: Place,
  isFile: (path: string) => boolean = isFileThere,
): Command | undefined {
  const program = candidates(name ?? '', place).find(isFile);
  if (program === undefined) return undefined;
  return /\.(?:cmd|bat)$/i.test(program)
    ? windowsShell([program, ...args].map(quoted).join(' '), place.env)
    : { program, args, verbatim: false };
}

/** Windows knows a variable in any case of its letters, and mostly has `Path`; a copy of the environment is an object like any other. */
function variable(env: Environment, name: string): string | undefined {
  const wanted = name.toUpperCase();
  const own = Object.keys(env).find((one) => one.toUpperCase() === wanted);
  return own === undefined ? undefined : env[own];
}

/** What can be started without the help of other programs. */
const startable = ['.com', '.exe', '.bat', '.cmd'];

function candidates(name: string, { cwd, env }: Place): string[] {
  if (name === '') return [];
  const known = (variable(env, 'PATHEXT') || startable.join(';')).toLowerCase().split(';');
  const endings = known.filter((ending) => startable.includes(ending));
  const named = startable.includes(win32.extname(name).toLowerCase()) ? [''] : [];
  return folders(name, cwd, env).flatMap((folder) =>
    [...named, ...endings].map((ending) => win32.resolve(folder, name + ending)),
  );
}

function folders(name: string, cwd: string, env: Environment): string[] {
  if (/[\\/:]/.test(name)) return [cwd];
  const path = (variable(env, 'PATH') ?? '').split(';').map((folder) => folder.replace(/^"(.*)"$/, '$1'));
  return path.filter((folder) => win32.isAbsolute(folder));
}

/** Between quotes cmd.exe takes everything as it is, but for these; programs take a backslash before the last one for an escape. */
function quoted(word: string): string {
  if (/["%\r\n]/.test(word)) throw new LockstepError('BAD_VALUE', { what: 'batch' });
  return `"${word.replace(/\\+$/, '$&$&')}"`;
}

/** What cannot be looked at, such as a name that is too long, cannot be started either. */
function isFileThere(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
