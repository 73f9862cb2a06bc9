import { resolve } from 'node:path';
import { isCalled } from '../../core/env/secretnames.ts';
import { LockstepError } from '../../core/errors.ts';
import { isSettled, written } from '../../core/foreign/apply.ts';
import type { Found } from '../../core/foreign/found.ts';
import { leftOver } from '../../core/foreign/left.ts';
import { type Decision, type Planned, planImport } from '../../core/foreign/plan.ts';
import type { Source } from '../../core/foreign/read/source.ts';
import { agreed } from '../agree.ts';
import type { Call, Run } from '../call.ts';
import { tellKeyLoss } from '../enckeys/loss.ts';
import { exit, Failure } from '../failure.ts';
import { askAbout, decisionsOf } from './clashes.ts';
import { type Destination, destinationOf } from './destination.ts';
import { readSource } from './source.ts';
import { previewOf, tellLeftOver } from './words.ts';

/** Brings the values of a file of another system into an encrypted one: all of them or none. The source is never changed. */
export const importSecrets: Run = async (call) => {
  const [from, into] = operandsOf(call);
  const source = await readSource(call, from);
  const found = chosen(call, source.found);
  const destination = await destinationOf(call, into);
  try {
    const plan = await decided(call, source, found, destination);
    if (call.flags.on('preview')) return plan.every(({ fate }) => fate === 'same') ? 0 : exit.found;
    const count = written(plan).length;
    if (count > 0) {
      for (const name of await destination.lost(plan)) tellKeyLoss(call.io, destination.label, name);
      const question = `Write ${count === 1 ? '1 value' : `${count} values`} into ${destination.label}?`;
      if (!call.flags.on('yes') && !(await agreed(call, question, '-y does not ask.'))) {
        call.io.writeStderr('lockstep: Nothing was written.\n');
        return exit.generic;
      }
      await destination.write(plan);
    }
    const left = leftOver({ ...source, isAll: source.isAll && found.length === source.found.length }, plan);
    tellLeftOver(call.io, { from, into: destination.label, count, keyFiles: source.keyFiles }, left);
    return left.unset.length > 0 ? exit.found : 0;
  } finally {
    destination.dispose();
  }
};

function operandsOf({ args, io }: Call): [from: string, into: string] {
  const [from, into] = args;
  if (from === undefined || into === undefined)
    throw new Failure(
      exit.noFile,
      'Two files are needed: the one to read, and the encrypted one to write into.',
      'For example: lockstep import .env secrets.yaml',
    );
  if (resolve(io.cwd, from) === resolve(io.cwd, into))
    throw new Failure(
      exit.conflictingFlags,
      'The file to read and the file to write are the same.',
      'To encrypt a file where it stands: lockstep encrypt -i FILE',
    );
  return [from, into];
}

/** Those that `--secret` names; all without it. Throws Failure for a name that is not there. */
function chosen({ flags }: Call, found: readonly Found[]): readonly Found[] {
  const names = flags.list('secret');
  if (names.length === 0) return found;
  const isNamed = ({ path }: Found, name: string) => isCalled({ path, variable: '' }, name);
  const missing = names.find((name) => !found.some((one) => isNamed(one, name)));
  if (missing !== undefined) throw new LockstepError('NO_SUCH_SECRET', { path: [missing] });
  return found.filter((one) => names.some((name) => isNamed(one, name)));
}

/**
 * The plan with every clash decided, by flags, else by the person; it was shown. With `--preview` as far as flags decide. Throws Failure while
 * something is open and nobody is there.
 */
async function decided(
  call: Call,
  source: Source,
  found: readonly Found[],
  { there, format, label }: Destination,
): Promise<readonly Planned[]> {
  const { io, flags } = call;
  const plan = (decisions: ReadonlyMap<number, Decision>) => planImport(found, there, format, decisions);
  let decisions = decisionsOf(call, plan);
  let now = plan(decisions);
  const show = () => io.writeStdout(previewOf(now, source.system));
  const asks = !flags.on('preview') && io.interactive;
  if (asks && !isSettled(now)) {
    await show();
    decisions = await askAbout(call, plan, decisions, label);
    now = plan(decisions);
  }
  await show();
  if (flags.on('preview') || isSettled(now)) return now;
  throw new Failure(
    exit.generic,
    `${label}: Names clash, as the list says. Nothing was written.`,
    'Say what to do: --keep NAME, --replace NAME, --rename NEW=NAME, or --clashes keep or replace for all of them.',
  );
}
