import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, resolve } from 'node:path';
import { visible } from '../../core/tree/path.ts';
import { shellWords } from '../../node/shellwords.ts';
import { type Child, programCommand, withoutKeys } from '../../node/spawn.ts';
import { exit, Failure } from '../failure.ts';
import type { Io } from '../io.ts';

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
      `lockstep: ${name} keeps plaintext copies of what it edits, in its Local History and its backups.\nThe Lockstep extension edits the file there without such copies; vim and nano keep none here.\n`,
    );
}

/** Editors with a window that end at once unless they are told to wait, and the words for that. */
const waiting: readonly (readonly [name: RegExp, ...words: string[]])[] = [
  [codeName, '--wait', '-w'],
  [/^(?:subl|sublime_text|zed|zeditor|atom|mate|bbedit|gedit|gnome-text-editor)(?:\.exe)?$/i, '--wait', '-w'],
  [/^(?:kate|kwrite)$/, '--block', '-b'],
  [/^[gm]vim(?:\.exe)?$/i, '--nofork', '-f'],
];

/** The text would be wiped while the window still shows it, and what is saved there would be lost. Throws Failure. */
function requireWaiting(program: string, args: readonly string[]): void {
  const name = basename(program);
  const [, ...words] = waiting.find(([pattern]) => pattern.test(name)) ?? [];
  if (words.length === 0 || words.some((word) => args.includes(word))) return;
  throw new Failure(
    exit.noEditor,
    `${visible(name)} ends before its window is closed, and then the plaintext is wiped.`,
    `Tell it to wait: EDITOR="${visible(program)} ${words[0]}". Nothing was changed.`,
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
 * Lets a person edit a file, in the editor of SOPS_EDITOR or EDITOR. What comes back is undefined when it ended well, else a Failure that says how it
 * ended. Throws Failure with exit code 201 when there is none.
 * @param started is told the child, so that a signal can end it.
 */
export async function runEditor(
  io: Io,
  path: string,
  started: (child: Child | undefined) => void,
): Promise<Failure | undefined> {
  const named = io.env.SOPS_EDITOR ? 'SOPS_EDITOR' : 'EDITOR';
  const wished = io.env[named];
  const choices = wished ? [editorWords(wished, io.platform)] : usual(io.platform).map((program) => [program]);
  for (const words of choices) {
    const [program, ...args] = words ?? [];
    if (!program) throw new Failure(exit.noEditor, `${named} cannot be read.`, 'Close its quotes.');
    requireWaiting(program, args);
    warnOfCopies(io, program);
    const ended = await tryEditor(io, program, [...(isVim(io, program) ? quietVim : []), ...args, path], started);
    if (ended === 0) return undefined;
    if (typeof ended !== 'object')
      return new Failure(
        exit.noEditor,
        `The editor ended with ${ended}.`,
        'Look at what it says above, then try again.',
      );
    if (wished)
      throw new Failure(
        exit.noEditor,
        `${named} names ${visible(program)}, which ${ended.missing ? 'is not there' : 'cannot be started'}.`,
        'Give the name of a program on PATH, or its full path. Nothing was changed.',
      );
  }
  const tried = usual(io.platform).join(', ');
  throw new Failure(exit.noEditor, `No editor was found: ${tried}.`, 'Name one in SOPS_EDITOR or EDITOR.');
}

/** The editor's exit code, or the signal that ended it; an object when it could not be started. */
async function tryEditor(
  io: Io,
  program: string,
  args: readonly string[],
  started: (child: Child | undefined) => void,
): Promise<number | NodeJS.Signals | { readonly missing: boolean }> {
  const child = spawnEditor(io, program, args);
  if (!child) return { missing: true };
  started(child);
  try {
    const { code, signal } = await child.ended;
    return code ?? signal ?? 0;
  } catch (error) {
    return { missing: error instanceof Error && 'code' in error && error.code === 'ENOENT' };
  } finally {
    started(undefined);
  }
}

function spawnEditor(io: Io, program: string, args: readonly string[]): Child | undefined {
  const found = programCommand(io, [program, ...args]);
  return (
    found &&
    io.spawn(found.program, found.args, {
      cwd: io.cwd,
      env: withoutKeys(io.env),
      stdio: 'inherit',
      windowsVerbatimArguments: found.verbatim,
    })
  );
}

/** On Windows a backslash stands in paths and escapes nothing. */
function editorWords(line: string, platform: NodeJS.Platform): string[] | undefined {
  return shellWords(platform === 'win32' ? line.replaceAll('\\', '\\\\') : line);
}
