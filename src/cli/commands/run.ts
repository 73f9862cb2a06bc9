import { oddNames } from '../../core/env/variables.ts';
import { visible } from '../../core/tree/path.ts';
import { environmentWith } from '../../node/spawn.ts';
import { nameOfProgram, recordAccess } from '../access/record.ts';
import type { Call, Run } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { keyAt } from '../files/revision.ts';
import { becomeProgram } from '../run/becoming.ts';
import { passedFiles } from '../run/descriptors.ts';
import { takeSecrets } from '../run/given.ts';
import { fetchGiven, recordedName } from '../run/managed.ts';
import { pairsOf } from '../run/pairs.ts';
import { runRedacted } from '../run/redacted.ts';
import { Redaction } from '../run/redacting.ts';
import { programOf, requireSmall, requireThere, start, waitFor } from '../run/running.ts';

/** Runs a program with secrets in its environment, and nowhere else. Everything is checked before it starts. */
export const run: Run = async (call) => {
  const { io, flags } = call;
  if (flags.on('no-redact') && flags.on('mask'))
    throw new Failure(exit.conflictingFlags, '--no-redact and --mask contradict each other.', 'Use one of the two.');
  const becomes = flags.on('exec');
  const needless = (['mask', 'pass-fd'] as const).find(
    (name) => becomes && (flags.on(name) || flags.list(name).length > 0),
  );
  if (needless)
    throw new Failure(exit.conflictingFlags, `--exec and --${needless} contradict each other.`, 'Use one of the two.');
  const passed = passedFiles(flags);
  const command = programOf(io, wordsOf(call));
  requireThere(io, command);
  const { wishes, renames, plain } = pairsOf(flags);
  const { sources, given: stored } = await takeSecrets(call, wishes, renames);
  refuseTwice(stored, plain);
  const given = await fetchGiven(call, stored);
  const values = { ...Object.fromEntries(given.map(({ variable, value }) => [variable, value])), ...plain };
  requireSmall(io, values);
  tellNames(call, Object.keys(values));
  for (const from of sources) {
    const names = given.filter((one) => one.from === from).map(recordedName);
    if (names.length > 0)
      recordAccess(call, {
        purpose: 'exec-env',
        input: { path: from.path, name: from.path },
        key: keyAt(names.join(', '), from.commit),
        to: nameOfProgram(call),
      });
  }
  const env = flags.on('pristine') ? values : environmentWith(io, values);
  if (becomes) becomeProgram(call, command, env);
  if (flags.on('no-redact')) return waitFor(io, start(call, command, env, { passed }), command.program);
  const redaction = new Redaction(
    given.map(({ variable, value }) => ({ name: variable, value })),
    flags.on('mask'),
  );
  redaction.tellLeftOut(io);
  return runRedacted(call, command, { env, own: Object.keys(values), passed }, redaction);
};

function wordsOf({ args, after }: Call): readonly string[] {
  if (args.length === 0 && after?.[0]) return after;
  throw new Failure(exit.generic, 'No program is named.', 'Write it behind --: lockstep run -- npm start');
}

function refuseTwice(given: readonly { readonly variable: string }[], plain: Readonly<Record<string, string>>): void {
  const twice = given.find(({ variable }) => Object.hasOwn(plain, variable));
  if (twice)
    throw new Failure(
      exit.generic,
      `The variable ${visible(twice.variable)} is in a file, and is given by --env.`,
      'Leave one of the two out; --secret chooses among those of the file.',
    );
}

function tellNames({ io }: Call, names: readonly string[]): void {
  const odd = oddNames(names);
  if (odd.length > 0)
    io.writeStderr(
      `lockstep: No shell can hold variables of these names, so they get lost where one starts the program: ${odd.map(visible).join(', ')}.\n`,
    );
}
