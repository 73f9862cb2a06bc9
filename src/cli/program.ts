import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError, Option as Flag } from 'commander';
import { type Spelled, spell } from './argv.ts';
import { exit, Failure } from './failure.ts';
import { Flags } from './flags.ts';
import type { Io } from './io.ts';
import { globalOptions, type OptionName, options } from './options.ts';
import { bare, isVerb, type Verb, verbs } from './verbs.ts';
import { sopsLevel, version } from './version.ts';
import { describe } from './words.ts';

const about = `Secrets in SOPS files with age keys: encrypted at rest, in the repository, next to the code that uses them.
The verbs, flags and exit codes are those of sops. Without a verb, lockstep FILE opens an editor.`;

const signature = `lockstep ${version} (SOPS files as of sops ${sopsLevel})`;

/** One run of the command line. The exit code; everything that goes wrong is told on standard error, not thrown. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let verbose = false;
  try {
    const spelled = spell(argv, isVerb);
    verbose = spelled.rest.includes('--verbose');
    return await run(spelled, io);
  } catch (error) {
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
  const program = build(
    (verb, given, args) => {
      chosen = { verb, given, args };
    },
    { writeOut: (text) => (out += text), writeErr: (text) => io.writeStderr(text) },
    mayBeFile(spelled, io),
  );
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    await io.writeStdout(out);
    return error.exitCode === 0 ? 0 : exit.generic;
  }
  if (!chosen) return exit.generic;
  const { verb, given, args } = chosen;
  const flags = new Flags(given, io.env);
  refuseKeyService(flags);
  if (args.length > verb.operands && !after)
    io.writeStderr(
      `lockstep: Only the first ${verb.operands === 1 ? 'name is' : 'names are'} used; the rest is passed over.\n`,
    );
  return (await verb.load())({ io, flags, args, after });
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

type Chosen = (verb: Verb, given: Record<string, unknown>, args: readonly string[]) => void;

interface Output {
  writeOut(text: string): void;
  writeErr(text: string): void;
}

function build(chosen: Chosen, output: Output, withFile: boolean): Command {
  const program = new Command('lockstep');
  const tune = (command: Command) =>
    command
      .exitOverride()
      .configureOutput(output)
      .configureHelp({ showGlobalOptions: false, helpWidth: 100 })
      .helpOption('-h, --help', 'show this help')
      .showHelpAfterError(false);
  tune(program)
    .description(about)
    .usage('[flags] [verb] [file]')
    .version(signature, '-v, --version', 'print the version')
    .helpCommand('help [verb]', 'show what a verb does and takes');
  const groups = new Map<string, Command>();
  for (const [name, verb] of Object.entries(verbs)) {
    const words = name.split(' ');
    const parent = words.length === 1 ? program : groupOf(program, words[0] ?? '', groups, tune);
    addVerb(tune(parent.command(words.at(-1) ?? '')), verb, chosen);
  }
  if (withFile) addVerb(tune(program.command('file', { hidden: true, isDefault: true })), bare, chosen);
  return program;
}

function groupOf(
  program: Command,
  name: string,
  groups: Map<string, Command>,
  tune: (one: Command) => Command,
): Command {
  const known = groups.get(name) ?? tune(program.command(name)).description(groupSummaries[name] ?? '');
  groups.set(name, known);
  return known;
}

const groupSummaries: Readonly<Record<string, string>> = {
  groups: 'add or delete a key group of a file',
  recipients: 'add people to a file, or remove them',
  rules: 'what .sops.yaml says about a file',
  completion: 'print a script that completes verbs and flags in a shell',
};

function addVerb(command: Command, verb: Verb, chosen: Chosen): void {
  command.description(verb.details ? `${verb.summary}\n\n${verb.details}` : verb.summary).summary(verb.summary);
  command
    .usage(`[flags] ${verb.usage}`)
    .argument('[operands...]')
    .configureHelp({ ...command.configureHelp(), visibleArguments: () => [] });
  for (const name of [...verb.options, ...(Object.keys(globalOptions) as OptionName[])])
    command.addOption(flagOf(name));
  command.action((args: string[]) => chosen(verb, given(command), args));
}

function flagOf(name: OptionName): Flag {
  const { short, value, help, env } = options[name];
  const names = `${short ? `-${short}, ` : ''}--${name}`;
  const flag = new Flag(value ? `${names} <${value}>` : names, env ? `${help} [$${env}]` : help);
  if (value) flag.argParser((one: string, before: string[] | undefined) => [...(before ?? []), one]);
  return flag;
}

/** The values by the names that people type; commander has them in camel case. */
function given(command: Command): Record<string, unknown> {
  const values = command.opts();
  return Object.fromEntries(
    command.options.map((option) => {
      const value = values[option.attributeName()];
      // `--no-fifo` turns off a `fifo` for commander.
      return [option.long?.slice(2) ?? '', option.negate ? value === false : value];
    }),
  );
}
