import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { usePlugins } from '../core/age/plugin/port.ts';
import { visible } from '../core/tree/path.ts';
import { listenToWrites } from '../node/inplace.ts';
import { type Spelled, spell } from './argv.ts';
import { exit, Failure } from './failure.ts';
import { isReaderGone } from './files/cut.ts';
import { settleUnfinished } from './files/unfinished.ts';
import { Flags } from './flags.ts';
import type { Io } from './io.ts';
import { useKeyServices } from './keys/clouds.ts';
import { useGpg } from './keys/gpg.ts';
import { pluginsOf } from './keys/plugins.ts';
import { load } from './loaders.ts';
import { isAgePlugin, spoken } from './name.ts';
import { parserFor } from './parser.ts';
import { plainWords } from './plainwords.ts';
import { bare, isVerb, modes, type Verb, verbs } from './verbs.ts';
import { holdingRemarks, tell } from './words/telling.ts';
import { describeWrite } from './words/writenotes.ts';

/** One run of the command line. The exit code; everything that goes wrong is told on standard error, not thrown. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let spelled: Spelled = { verb: [], rest: [] };
  let held: ReturnType<typeof holdingRemarks> | undefined;
  listenToWrites((note) => (held?.io ?? io).writeStderr(describeWrite(note)));
  usePlugins(pluginsOf(io));
  useGpg(io);
  try {
    if (isAgePlugin(argv)) return await (await import('./agent/ageplugin.ts')).agePlugin(io, argv);
    spelled = spell(argv, isVerb);
    if (io.name === 'sops' && !isVerbose(spelled) && !io.interactive) held = holdingRemarks(io);
    const code = await run(spelled, held?.io ?? io);
    if (code !== 0) held?.tellRemarks();
    return code;
  } catch (error) {
    // Who read the output has enough of it: the end that a pipe gives other programs.
    if (isReaderGone(error)) return 128 + constants.signals.SIGPIPE;
    const code = await tell(io, error, verbName(spelled), isVerbose(spelled), takesType(spelled));
    // What sops says of it comes first.
    held?.tellRemarks();
    return code;
  }
}

const takesType = ({ verb }: Spelled) => (verbs[verb.join(' ')] ?? bare).options.includes('input-type');
const isVerbose = ({ rest }: Spelled) => rest.includes('--verbose');

async function run(spelled: Spelled, io: Io): Promise<number> {
  if (spelled.verb.length === 0 && spelled.rest.length === 0)
    throw new Failure(
      exit.noFile,
      'No file is named.',
      'lockstep --help lists what can be done.',
      'Error: no file specified',
    );
  const at = spelled.rest.indexOf('--');
  const after = at < 0 ? undefined : spelled.rest.slice(at + 1);
  const before = at < 0 ? spelled.rest : spelled.rest.slice(0, at);
  const chosen = plainly(spelled, before, io) ?? (await judged(spelled, before, io));
  if (typeof chosen === 'number') return chosen;
  const { verb, given } = chosen;
  const isApart = verb.runs || verb.separates;
  const args = isApart ? chosen.args : [...chosen.args, ...(after ?? [])];
  const flags = new Flags(given, io.env);
  useKeyServices(io, flags);
  if (args.length > verb.operands && !(verb.runs && after)) warnOfMore(io, verb.operands);
  await settleUnfinished(io, args[0]);
  return (await load(verb))({ io, flags, args, after: isApart ? after : undefined });
}

interface Chosen {
  readonly verb: Verb;
  readonly given: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
}

/** Of a command line that is as it should be. */
function plainly(spelled: Spelled, rest: readonly string[], io: Io): Chosen | undefined {
  const verb = verbs[spelled.verb.join(' ')] ?? (mayBeFile(spelled, io) ? bare : undefined);
  const words = verb && plainWords(verb, rest);
  return words && { verb, ...words };
}

/** Of any command line. An exit code when all is said. */
async function judged(spelled: Spelled, rest: readonly string[], io: Io): Promise<Chosen | number> {
  let chosen: Chosen | undefined;
  let out = '';
  const parser = parserFor(
    spelled,
    (verb, given, args) => {
      chosen = { verb, given, args };
    },
    // It repeats a word that it does not know, which may be a file's name.
    {
      writeOut: (text) => (out += text),
      writeErr: (text) => io.writeStderr(refusal(text, spelled, io)),
    },
    mayBeFile(spelled, io),
    io.name,
  );
  try {
    parser.parse([...spelled.verb, ...rest], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    await io.writeStdout(out);
    return error.exitCode === 0 ? 0 : exit.generic;
  }
  return chosen ?? exit.generic;
}

/** What commander says of a word that it does not know, and where help is. */
function refusal(text: string, { verb }: Spelled, { name }: Io): string {
  // Of a word that needs a second one it says what those are.
  if (text.startsWith('Usage:')) return text;
  const [what = '', ...more] = text.trimEnd().split('\n').map(visible);
  const flag = /^error: unknown option '-{1,2}([^']*)'/.exec(what)?.[1];
  const phrase = name === 'sops' && flag !== undefined ? `flag provided but not defined: -${flag}\n` : '';
  const said = [what.replace(/^error: (.)/, (_, first: string) => first.toUpperCase()), ...more].join(' ');
  const help = ['lockstep', ...verb, '--help'].join(' ');
  return `${phrase}lockstep: ${said}\n${spoken(help, name)} lists what is there.\n`;
}

function warnOfMore(io: Io, operands: number): void {
  if (io.name === 'sops')
    io.writeStderr('More than one positional argument provided. Only the first one will be used!\n');
  io.writeStderr(
    operands === 0
      ? 'lockstep: It takes no words; they are passed over.\n'
      : `lockstep: Only the first ${operands === 1 ? 'name is' : `${operands} words are`} used; the rest is passed over.\n`,
  );
}

/**
 * `lockstep FILE` is meant: whatever is no verb is a file's name, as with sops. Only a word that is no file, with another one
 * behind it and no flag that says what to do, is a verb with a slip in it.
 */
function mayBeFile({ verb, rest }: Spelled, io: Io): boolean {
  if (verb.length > 0) return false;
  const [file, more] = rest.filter((word) => !word.startsWith('-') || word === '-');
  if (file === 'help') return false;
  if (file === undefined || more === undefined || modes.some((name) => isGiven(name, rest))) return true;
  return /[./\\]/.test(file) || existsSync(resolve(io.cwd, file));
}

const isGiven = (name: string, rest: readonly string[]) =>
  rest.some((word) => word === `--${name}` || word.startsWith(`--${name}=`));

/** The verb, also where flags stand for it. */
function verbName({ verb, rest }: Spelled): string {
  return verb[0] ?? modes.find((name) => isGiven(name, rest)) ?? 'edit';
}
