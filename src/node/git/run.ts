import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { programOnPath } from '../onpath.ts';

/**
 * A repository's own configuration can name programs for git to run. These take the known ways away; filters are never
 * asked for, because no command here reads the work tree through git.
 */
const safeConfig = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.sshCommand=false',
  'core.gitProxy=',
  'core.editor=false',
  'credential.helper=',
  'diff.external=',
  'log.showSignature=false',
  // What a log leaves out.
  'log.showRoot=true',
  'diff.relative=false',
  'protocol.allow=never',
  // A folder of the work tree that looks like a repository of its own, with a configuration of its own.
  'safe.bareRepository=explicit',
  'gc.auto=0',
  'maintenance.auto=false',
];
const options = ['--no-optional-locks', '--no-pager', ...safeConfig.flatMap((setting) => ['-c', setting])];

/** Milliseconds. */
const patience = 10_000;
export const maxOutput = 64 * 1024 * 1024;

let program: { path: string | undefined } | undefined;

/** git's full path, found once. */
function findGit(): string | undefined {
  program ??= { path: programOnPath(process.platform === 'win32' ? 'git.exe' : 'git', process.env.PATH) };
  return program.path;
}

/** By which git says, and is told, where the repository, its index and its configuration are. */
const places =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM)$/;

/**
 * The environment without what would lead git elsewhere, and with every way to ask somebody or fetch closed.
 * @param led by the variables of this process all the same: somebody types a command about the repository that they name.
 */
function environment(literal: boolean, led: boolean): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => (led && places.test(name)) || !/^(GIT_|SSH_ASKPASS|LC_ALL|LANGUAGE|PAGER|EDITOR)/i.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    ...(led ? gitDirFromHere() : {}),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    // A git that does not know that: no protocol at all, which `protocol.ext.allow` of a repository cannot change.
    GIT_ALLOW_PROTOCOL: '',
    GIT_NO_REPLACE_OBJECTS: '1',
    // check-ignore does not know the option of this name, but takes no pathspec magic anyway.
    ...(literal ? { GIT_LITERAL_PATHSPECS: '1' } : {}),
  };
}

/** git reads a relative `GIT_DIR` from where it is started, and takes that for the root of the work tree: for us, where this process is. */
function gitDirFromHere(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE = '.' } = process.env;
  return GIT_DIR ? { GIT_DIR: resolve(GIT_DIR), GIT_WORK_TREE: resolve(GIT_WORK_TREE) } : {};
}

interface Result {
  readonly code: number;
  readonly out: Buffer;
}

/** Runs git in a folder, without a shell. Undefined when git is not there, took too long or said too much. */
export async function git(
  folder: string,
  args: readonly string[],
  input?: string,
  timeout = patience,
  led = false,
): Promise<Result | undefined> {
  const path = findGit();
  if (!path) return undefined;
  return new Promise((answer) => {
    const child = execFile(
      path,
      ['-C', folder, ...options, ...args],
      {
        encoding: 'buffer',
        timeout,
        killSignal: 'SIGKILL',
        maxBuffer: maxOutput,
        env: environment(args[0] !== 'check-ignore', led),
        windowsHide: true,
      },
      (error, out) => {
        if (!error) answer({ code: 0, out });
        else answer(typeof error.code === 'number' ? { code: error.code, out } : undefined);
      },
    );
    // git may end before it has read everything.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

/** As `git`, in the repository that the environment names, as git itself would. */
export function gitHere(
  folder: string,
  args: readonly string[],
  input?: string,
  timeout = patience,
): Promise<Result | undefined> {
  return git(folder, args, input, timeout, true);
}

/** What git says to standard output; undefined when it fails. */
export async function text(folder: string, args: readonly string[]): Promise<string | undefined> {
  const result = await git(folder, args);
  return result?.code === 0 ? result.out.toString('utf8') : undefined;
}

/** git as it runs: undefined where there is none. @param led as `gitHere` */
export function startGit(
  folder: string,
  args: readonly string[],
  led: boolean,
): ChildProcessByStdio<Writable, Readable, null> | undefined {
  const path = findGit();
  if (!path) return undefined;
  const child = spawn(path, ['-C', folder, ...options, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: environment(true, led),
    windowsHide: true,
  });
  // It may end before it has read everything, or not start.
  child.stdin.on('error', () => undefined);
  child.on('error', () => undefined);
  return child;
}
