import { chmod, mkdir, readFile } from 'node:fs/promises';
import { delimiter, join, win32 } from 'node:path';
import type { CommandLine, Shims } from '../core/platform/shims.ts';
import { shellQuoted } from '../core/shell.ts';
import { writeAtomically } from './files.ts';
import { keptMark, keptPrefix, keptVariables } from './kept.ts';

/** Where the command line runs: the Node of this process, which on a desktop is VS Code's own program. */
interface Runtime {
  readonly node: string;
  readonly isElectron: boolean;
  readonly platform: NodeJS.Platform;
}

/** The programs of our names. */
const names = ['lockstep', 'age-plugin-lockstep'] as const;

const own: Runtime = {
  node: process.execPath,
  isElectron: process.versions.electron !== undefined,
  platform: process.platform,
};

/** The same for other runtimes, for tests. */
export const shimsOf = (runtime: Runtime): Shims => ({
  pathSeparator: delimiter,
  shellWords: (line) => (runtime.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', line] : ['/bin/sh', '-c', line]),
  install: (folder, cli) => install(runtime, folder, cli),
});

export const nodeShims: Shims = shimsOf(own);

async function install(runtime: Runtime, folder: string, cli: string): Promise<CommandLine> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const isWindows = runtime.platform === 'win32';
  const text = isWindows ? batch(runtime, cli, folder) : script(runtime, cli);
  for (const name of names) await place(join(folder, isWindows ? `${name}.cmd` : name), text);
  // A batch file would have its arguments read once more by a shell.
  if (isWindows) return { program: runtime.node, args: [cli], env: clearing(runtime) };
  return { program: join(folder, 'lockstep'), args: [], env: {} };
}

/** A terminal may be starting it right now: the new one takes the place of the old one in one step. */
async function place(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) !== text)
    await writeAtomically(path, Buffer.from(text), undefined, { newMode: 0o700, unsynced: true });
  await chmod(path, 0o700);
}

/** For any shell of POSIX. */
const script = ({ node, isElectron }: Runtime, cli: string) =>
  [
    '#!/bin/sh',
    "# Written by the Lockstep extension of VS Code. Starts its command line in VS Code's own Node.",
    ...keptVariables.map((name) => {
      const kept = keptPrefix + name;
      return `if [ "\${${name}+set}" ]; then export ${kept}="$${name}"; unset ${name}; else unset ${kept}; fi`;
    }),
    `export ${keptMark}=1${isElectron ? ' ELECTRON_RUN_AS_NODE=1' : ''}`,
    `exec ${shellQuoted(node)} ${shellQuoted(cli)} "$@"`,
    '',
  ].join('\n');

const batch = ({ node, isElectron }: Runtime, cli: string, folder: string) =>
  [
    '@echo off',
    'setlocal DisableDelayedExpansion',
    ...keptVariables.flatMap((name) => [
      `set "${keptPrefix}${name}="`,
      `if defined ${name} set "${keptPrefix}${name}=%${name}%"`,
      `set "${name}="`,
    ]),
    `set "${keptMark}=1"`,
    ...(isElectron ? ['set "ELECTRON_RUN_AS_NODE=1"'] : []),
    `"${inBatch(node, folder)}" "${inBatch(cli, folder)}" %*`,
    'exit /b %errorlevel%',
    '',
  ].join('\r\n');

/**
 * A path in a batch file. cmd.exe reads the file in the encoding of its console, and would look for another folder than that of Jürgen:
 * what is in the same home is named from the file's own folder, which cmd.exe knows. A percent sign would name a variable.
 */
function inBatch(path: string, folder: string): string {
  const way = win32.relative(folder, path);
  const isFromHere = /[^\x20-\x7e]/.test(path) && !win32.isAbsolute(way);
  return (isFromHere ? '%~dp0' : '') + (isFromHere ? way : path).replaceAll('%', '%%');
}

/** Where no script can do it: VS Code takes no variable away, and an empty one counts for Node as none. */
const clearing = ({ isElectron }: Runtime): Record<string, string> => ({
  ...Object.fromEntries(keptVariables.map((name) => [name, ''])),
  [keptMark]: '1',
  ...(isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {}),
});
