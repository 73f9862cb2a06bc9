import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, resolve } from 'node:path';
import { shellWords } from '../node/shellwords.ts';
import { windowsCommand } from '../node/windows.ts';
import { exit, Failure } from './failure.ts';
import type { Child, Io } from './io.ts';

/** Without a wish of the person: what sops tries, in its order; on Windows what is always there. */
const usual = (platform: NodeJS.Platform) => (platform === 'win32' ? ['notepad.exe'] : ['vim', 'nano', 'vi']);

/**
 * Vim keeps what it edits in other places too: swap and undo files, and yanked text in viminfo. What a vimrc asks for is
 * overruled for this one file.
 */
const quietVim = ['-n', '-i', 'NONE', '-c', 'silent! setlocal noundofile nobackup nowritebackup'];
const vimName = /^(?:[gmnr]?vim(?:x|diff|\.\w+)?|g?view)(?:\.exe)?$/;

/** VS Code and those made from it. They keep what they save in Local History, and what is not saved yet in backups. */
const codeName =
  /^(?:code|code-insiders|code-oss|code-server|codium|codium-insiders|vscodium|cursor|windsurf|positron)(?:\.cmd|\.exe)?$/i;

function warnOfCopies({ writeStderr }: Io, program: string): void {
  const name = basename(program);
  if (codeName.test(name))
    writeStderr(
      `lockstep: ${name} keeps copies of what it edits in clear text, in its Local History and its backups.\nThe extension Lockstep edits the file there without them; vim and nano keep none here.\n`,
    );
}

/** Also under another name: `vi` and `editor` are Vim on many machines. */
function isVim({ env, cwd }: Io, program: string): boolean {
  if (vimName.test(basename(program))) return true;
  const folders = basename(program) === program ? (env.PATH ?? '').split(delimiter) : [''];
  const found = folders.map((folder) => resolve(cwd, folder, program)).find((path) => existsSync(path));
  return found !== undefined && vimName.test(basename(realpathSync(found)));
}

/**
 * Lets a person edit a file, in the editor of SOPS_EDITOR or EDITOR. Throws Failure with exit code 201 when there is none, or
 * when it ends with an error.
 * @param started is told the child, so that a signal can end it.
 */
export async function runEditor(io: Io, path: string, started: (child: Child | undefined) => void): Promise<void> {
  const wished = io.env.SOPS_EDITOR || io.env.EDITOR;
  const choices = wished ? [editorWords(wished, io.platform)] : usual(io.platform).map((program) => [program]);
  for (const words of choices) {
    const [program, ...args] = words ?? [];
    if (!program) throw new Failure(exit.noEditor, 'SOPS_EDITOR or EDITOR cannot be read.', 'Close its quotes.');
    warnOfCopies(io, program);
    const ended = await tryEditor(io, program, [...(isVim(io, program) ? quietVim : []), ...args, path], started);
    if (ended === 0) return;
    if (ended !== undefined)
      throw new Failure(exit.noEditor, `The editor ended with ${ended}.`, 'Nothing was changed.');
  }
  throw new Failure(exit.noEditor, 'No editor was found.', 'Name one in SOPS_EDITOR or EDITOR.');
}

/** The editor's exit code; undefined when there is no such program. */
async function tryEditor(
  io: Io,
  program: string,
  args: readonly string[],
  started: (child: Child | undefined) => void,
): Promise<number | undefined> {
  const child = spawnEditor(io, program, args);
  if (!child) return undefined;
  started(child);
  try {
    const { code, signal } = await child.ended;
    return code ?? (signal ? 1 : 0);
  } catch {
    return undefined;
  } finally {
    started(undefined);
  }
}

function spawnEditor(io: Io, program: string, args: readonly string[]): Child | undefined {
  const options = { cwd: io.cwd, env: io.env, stdio: 'inherit' } as const;
  if (io.platform !== 'win32') return io.spawn(program, args, options);
  const found = windowsCommand([program, ...args], io);
  return found && io.spawn(found.program, found.args, { ...options, windowsVerbatimArguments: found.verbatim });
}

/** On Windows a backslash stands in paths and escapes nothing. */
function editorWords(line: string, platform: NodeJS.Platform): string[] | undefined {
  return shellWords(platform === 'win32' ? line.replaceAll('\\', '\\\\') : line);
}
