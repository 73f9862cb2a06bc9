import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { visible } from '../core/tree/path.ts';
import { listenToWrites } from '../node/inplace.ts';
import { type Spelled, spell } from './argv.ts';
import { isReaderGone } from './cut.ts';
import { exit, Failure } from './failure.ts';
import { Flags } from './flags.ts';
import type { Io } from './io.ts';
import { parserFor } from './parser.ts';
import { isVerb, type Verb } from './verbs.ts';
import { describe } from './words.ts';
import { describeWrite } from './writenotes.ts';

/** One run of the command line. The exit code; everything that goes wrong is told on standard error, not thrown. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let verbose = false;
  listenToWrites((note) => io.writeStderr(describeWrite(note)));
  try {
    const spelled = spell(argv, isVerb);
    verbose = spelled.rest.includes('--verbose');
    return await run(spelled, io);
  } catch (error) {
    // Who read the output has enough of it: the end that a pipe gives other programs.
    if (isReaderGone(error)) return 128 + constants.signals.SIGPIPE;
    const { lines, exit: code } = describe(error, verbose);
    io.writeStderr(lines.map((line, i) => (i === 0 ? `lockstep: ${line}\n` : `${line}\n`)).join(''));
    return code;
  }
}

async function run(spelled: Spelled, io: Io): Promise<number> {
  if (spelled.verb.length === 0 && spelled.rest.length === 0) {
    io.writeStderr('lockstep: No file is named.\nlockstep --help lists what can be done.\n');
    return exit.noFile;
  }
  const at = spelled.rest.indexOf('--');
  const after = at < 0 ? undefined : spelled.rest.slice(at + 1);
  const words = [...spelled.verb, ...(at < 0 ? spelled.rest : spelled.rest.slice(0, at))];
  let chosen: { verb: Verb; given: Record<string, unknown>; args: readonly string[] } | undefined;
  let out = '';
  const parser = parserFor(
    spelled,
    (verb, given, args) => {
      chosen = { verb, given, args };
    },
    // It repeats a word that it does not know, which may be a file's name.
    {
      writeOut: (text) => (out += text),
      writeErr: (text) => io.writeStderr(text.split('\n').map(visible).join('\n')),
    },
    mayBeFile(spelled, io),
  );
  try {
    parser.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    await io.writeStdout(out);
    return error.exitCode === 0 ? 0 : exit.generic;
  }
  if (!chosen) return exit.generic;
  const { verb, given } = chosen;
  const args = verb.runs ? chosen.args : [...chosen.args, ...(after ?? [])];
  const flags = new Flags(given, io.env);
  refuseKeyService(flags);
  if (args.length > verb.operands && !(verb.runs && after))
    io.writeStderr(
      `lockstep: Only the first ${verb.operands === 1 ? 'name is' : 'names are'} used; the rest is passed over.\n`,
    );
  return (await verb.load())({ io, flags, args, after: verb.runs && after });
}

function refuseKeyService(flags: Flags): void {
  if (flags.list('keyservice').length > 0)
    throw new Failure(
      exit.generic,
      'Lockstep uses keys itself and asks no key service.',
      'Use sops for keys that another machine holds.',
    );
}

/** `lockstep FILE` may be meant: not a word that looks like a verb and is no file. */
function mayBeFile({ verb, rest }: Spelled, io: Io): boolean {
  if (verb.length > 0) return false;
  const operand = rest.find((word) => !word.startsWith('-'));
  return operand === undefined || /[./\\]/.test(operand) || existsSync(resolve(io.cwd, operand));
}
