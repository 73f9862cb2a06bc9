import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { visible } from '../../core/tree/path.ts';
import { type Child, exitCodeOf, programCommand, shellCommand } from '../../node/spawn.ts';
import type { User } from '../../node/user.ts';
import type { Command } from '../../node/windows.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { keyringOf } from '../keys/keyring.ts';
import { filesBehind } from './descriptors.ts';
import { tellStarted } from './started.ts';

const missing = 'error: missing file to decrypt';

/**
 * The command of `exec-env` and `exec-file`: one word for the shell as in sops (subcommand/exec), or a program and its words
 * behind `--`. `fill` is done to every word. Throws Failure.
 */
export function commandOf({ io, args, after }: Call, fill: (word: string) => string = (word) => word): Command {
  const [program, ...words] = after ?? [];
  if (program !== undefined) {
    if (args.length !== 1)
      throw new Failure(exit.generic, 'The command is given twice.', 'Give it in quotes, or after --.', missing);
    return programOf(io, [program, ...words].map(fill));
  }
  if (args.length !== 2 || args[1] === undefined)
    throw new Failure(
      exit.generic,
      'A file and a command are needed.',
      // cmd.exe knows no other quotes.
      'The command is one word in quotes, "npm start", or follows --: -- npm start',
      missing,
    );
  return shellCommand(io, fill(args[1]));
}

/** A program and its words, without a shell. Throws Failure for one that is not there, as far as can be told before it starts. */
export function programOf(io: Io, words: readonly string[]): Command {
  const found = programCommand(io, words);
  if (!found) throw programNotThere(words[0] ?? '');
  return found;
}

/** Throws Failure, with the exit code of a shell, for a program that is not on PATH. */
export function requireThere({ env, cwd, platform }: Io, { program }: Command): void {
  if (platform === 'win32') return;
  const folders = program.includes('/') ? [''] : (env.PATH ?? '').split(delimiter);
  if (!folders.some((folder) => existsSync(resolve(cwd, folder, program)))) throw programNotThere(program);
}

/** What can be done about a value that no variable of the system can hold. */

/** Linux takes so many bytes of a variable, with its name and two signs. */
const largest = 128 * 1024 - 1;

/** Throws Failure for a variable that is larger than the system takes. */
export function requireSmall({ platform }: Io, values: Readonly<Record<string, string>>): void {
  if (platform !== 'linux') return;
  const large = Object.entries(values).find(([name, value]) => Buffer.byteLength(`${name}=${value}`) >= largest);
  if (large)
    throw new Failure(
      126,
      `The variable ${visible(large[0])} would be larger than the 128 KiB of a variable.`,
      'Give it a file (exec-file), or only what it needs (run --secret).',
    );
}

/** A program that is not there, with the exit code of a shell. */
export const programNotThere = (program: string) =>
  new Failure(127, `${visible(program)}: There is no such program.`, 'Check its name and PATH.');

interface Started {
  /** It lives on without this process. */
  readonly apart?: boolean;
  /** Open files that it gets, too. */
  readonly passed?: readonly number[];
  /** Whose process this is now, where that is another one than before. */
  readonly user?: User | undefined;
}

/** Starts the command with this environment. It may run for days, so the private keys go first. */
export function start(
  call: Call,
  { program, args, verbatim }: Command,
  env: NodeJS.ProcessEnv,
  { apart = false, passed = [], user }: Started = {},
): Child {
  keyringOf(call).forget();
  return call.io.spawn(program, args, {
    // Another user may not find this folder by its name. They stay in it all the same, as with sops.
    ...(!user && { cwd: call.io.cwd }),
    env,
    stdio: apart ? 'ignore' : passed.length > 0 ? ['inherit', 'inherit', 'inherit', ...filesBehind(passed)] : 'inherit',
    detached: apart,
    windowsVerbatimArguments: verbatim,
  });
}

/** As `exitCodeOf`. `program` is what was started. Throws Failure when it could not start. */
export async function waitFor(
  io: Pick<Io, 'platform' | 'interactive' | 'onSignals'>,
  child: Child,
  program: string,
): Promise<number> {
  tellStarted();
  try {
    return await exitCodeOf(child, io);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw programNotThere(program);
    const what = `${visible(program)}: The program could not be started`;
    throw code === 'E2BIG'
      ? new Failure(
          126,
          `${what}: its words and variables are too large for the system.`,
          'Give it a file (exec-file), or only what it needs (run --secret).',
        )
      : new Failure(126, `${what}.`, 'Check its permissions.');
  }
}
