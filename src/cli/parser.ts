import { Command, Option as Flag } from 'commander';
import type { Spelled } from './argv.ts';
import { type ProgramName, spoken } from './name.ts';
import { globalOptions, type OptionName, options } from './options.ts';
import { bare, flagsOf, type Verb, verbs } from './verbs.ts';
import { signature } from './version.ts';

const about = `Secrets in SOPS files with age keys: encrypted at rest, in the repository, next to the code that uses them.
The verbs, flags and exit codes are those of sops. Without a verb, lockstep FILE opens an editor.`;

const older = `
Without a verb, as in older scripts:
  lockstep -d FILE                 decrypt; with -i into the file itself
  lockstep -e FILE                 encrypt
  lockstep -r FILE                 rotate
  lockstep --set '["a"] 1' FILE    set a value`;

const helpFlags = ['-h', '--help', '-v', '--version'];

type Chosen = (verb: Verb, given: Record<string, unknown>, args: readonly string[]) => void;

interface Output {
  writeOut(text: string): void;
  writeErr(text: string): void;
}

/** What commander needs to know for one command line; everything where help may be asked for. */
export function parserFor(
  { verb, rest }: Spelled,
  chosen: Chosen,
  output: Output,
  withFile: boolean,
  as: ProgramName,
): Command {
  const program = new Command(as);
  const tune = (command: Command) =>
    command
      .exitOverride()
      .configureOutput(output)
      .configureHelp({ helpWidth: 100, subcommandTerm: (one) => one.name() })
      .helpOption('-h, --help', 'show this help')
      .showHelpAfterError(false);
  tune(program)
    .description(spoken(about, as))
    .usage('[flags] [verb] [file]')
    .version(signature(as, rest), '-v, --version', 'print the version')
    .addHelpText('after', spoken(older, as))
    .helpCommand('help [verb]', 'show what a verb does and takes');
  const only = verbs[verb.join(' ')];
  const file = withFile && !rest.some((word) => helpFlags.includes(word));
  const needed = only ? [[verb.join(' '), only] as const] : file ? [] : Object.entries(verbs);
  const groups = new Map<string, Command>();
  for (const [name, verb] of needed) {
    const words = name.split(' ');
    const parent = words.length === 1 ? program : groupOf(program, words[0] ?? '', groups, tune);
    const command = tune(parent.command(words.at(-1) ?? ''));
    addVerb(command, verb, chosen, as);
    // A verb may have others behind it.
    if (parent === program) groups.set(name, command);
  }
  if (file) addVerb(tune(program.command('file', { hidden: true, isDefault: true })), bare, chosen, as);
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
  checklist: 'what is to be replaced since somebody left',
  groups: 'add or delete a key group of a file',
  'encryption-key': 'named keys with which your code encrypts data',
  git: 'set git up to merge encrypted files, and repair a file in conflict',
  people: 'who can read the secrets of a repository; let somebody in, or out',
  recipients: 'add people to a file, or remove them',
  rules: 'what .sops.yaml says about a file',
  completion: 'print a script that completes verbs and flags in a shell',
};

function addVerb(command: Command, verb: Verb, chosen: Chosen, as: ProgramName): void {
  const details = verb.details && spoken(verb.details, as);
  command.description(details ? `${verb.summary}\n\n${details}` : verb.summary).summary(verb.summary);
  command
    .usage(`[flags] ${verb.usage}`)
    .argument('[operands...]')
    .configureHelp({ ...command.configureHelp(), visibleArguments: () => [] });
  const shown = flagsOf(verb);
  const all = new Set([...shown, ...(verb.refuses ?? []), ...(Object.keys(globalOptions) as OptionName[])]);
  for (const name of all) command.addOption(flagOf(name, verb).hideHelp(!shown.includes(name)));
  command.action((args: string[]) => chosen(verb, given(command), args));
}

function flagOf(name: OptionName, verb: Verb): Flag {
  const { short, alone, env } = options[name];
  const [help, value = options[name].value] = verb.says?.[name] ?? [options[name].help];
  const names = `${short ? `-${short}, ` : ''}--${name}`;
  const flag = new Flag(
    value ? `${names} ${alone ? `[${value}]` : `<${value}>`}` : names,
    env ? `${help} [$${env}]` : help,
  );
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
