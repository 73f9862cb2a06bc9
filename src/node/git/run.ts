import { execFile } from 'node:child_process';
import { resolve as resolvePath } from 'node:path';
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
 * @param led variables that lead it all the same: somebody types a command about the repository that they name.
 */
function environment(literal: boolean, led: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(GIT_|SSH_ASKPASS|LC_ALL|LANGUAGE|PAGER|EDITOR)/i.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    ...led,
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
  led: NodeJS.ProcessEnv = {},
): Promise<Result | undefined> {
  const path = findGit();
  if (!path) return undefined;
  return new Promise((resolve) => {
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
        if (!error) resolve({ code: 0, out });
        else resolve(typeof error.code === 'number' ? { code: error.code, out } : undefined);
      },
    );
    // git may end before it has read everything.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

/** As `git`, in the repository that the environment names, as git itself would from the folder of this process. */
export async function gitHere(folder: string, args: readonly string[], input?: string): Promise<Result | undefined> {
  return git(folder, args, input, patience, await leading());
}

let found: { readonly key: string; readonly led: Promise<NodeJS.ProcessEnv> } | undefined;

/**
 * The variables that lead git, for any folder: names are from here, and where none names the work tree, git takes what it would take here.
 * Hooks get them so.
 */
async function leading(): Promise<NodeJS.ProcessEnv> {
  const given = Object.fromEntries(Object.entries(process.env).filter(([name]) => places.test(name)));
  if (given.GIT_DIR === undefined) return given;
  const key = JSON.stringify([process.cwd(), given]);
  if (found?.key !== key) found = { key, led: anywhere(given) };
  return found.led;
}

async function anywhere(given: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const root = await git(process.cwd(), ['rev-parse', '--show-toplevel'], undefined, patience, given);
  const top = root?.code === 0 ? root.out.toString('utf8').replace(/\r?\n$/, '') : '';
  const names = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY'];
  const named = names.flatMap((name) => (given[name] ? [[name, resolvePath(given[name])]] : []));
  return { ...given, ...(top === '' ? {} : { GIT_WORK_TREE: top }), ...Object.fromEntries(named) };
}

/** What git says to standard output; undefined when it fails. */
export async function text(folder: string, args: readonly string[]): Promise<string | undefined> {
  const result = await git(folder, args);
  return result?.code === 0 ? result.out.toString('utf8') : undefined;
}
