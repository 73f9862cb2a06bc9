import { resolve } from 'node:path';
import { purposes } from '../../core/access/event.ts';
import { momentOf, wantedOf } from '../../core/access/filter.ts';
import type { AccessRecord } from '../../core/access/record.ts';
import { asCsv, asJsonLines } from '../../core/access/table.ts';
import { type Checked, check, type Finding, isTampering } from '../../core/access/verify.ts';
import { visible } from '../../core/tree/path.ts';
import { readLog } from '../../node/access/append.ts';
import { stateFolder } from '../../node/access/place.ts';
import { writeAtomically } from '../../node/files.ts';
import type { Call, Run } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { writing } from '../files/output.ts';
import type { OptionName } from '../options.ts';

/** Prints the records that are wanted, oldest first. */
export const listLog: Run = async (call) => {
  const { io, flags } = call;
  const found = read(call);
  tellTampering(call, found);
  const records = wanted(call, found.records);
  await io.writeStdout(flags.on('json') ? asJsonLines(records) : records.map(asLine).join(''));
  return 0;
};

/** Checks the chain of the log. Exit code 51 when something but Lockstep changed it. */
export const verifyLog: Run = async (call) => {
  const { records, findings } = read(call);
  await call.io.writeStdout(findings.map((one) => `${findingWords(one)}\n`).join(''));
  const isChanged = findings.some(isTampering);
  const how = isChanged ? 'changed by something other than Lockstep' : 'unchanged';
  await call.io.writeStdout(`${records.length === 1 ? '1 record' : `${records.length} records`}, ${how}\n`);
  return isChanged ? exit.notVerified : 0;
};

/** Writes the records that are wanted, in a form for other programs. */
export const exportLog: Run = async (call) => {
  const { io, flags } = call;
  const found = read(call);
  tellTampering(call, found);
  const records = wanted(call, found.records);
  const text = flags.on('csv') ? asCsv(records) : asJsonLines(records);
  const output = flags.text('output');
  if (!output) await io.writeStdout(text);
  else await writing(output, () => writeAtomically(resolve(io.cwd, output), Buffer.from(text), undefined, {}));
  return 0;
};

/** The log of the command line, or the one in the folder that is named. Throws Failure where there is no place for one. */
function read({ io, args }: Call): Checked {
  const folder = args[0] === undefined ? stateFolder(io.env, io.home, io.platform) : resolve(io.cwd, args[0]);
  if (folder === undefined)
    throw new Failure(
      exit.generic,
      'There is no home folder, and so no access log of yours.',
      'XDG_STATE_HOME names another place for it; lockstep log list FOLDER reads the log in a folder.',
    );
  const { files, head } = readLog(folder);
  return check(files, [head]);
}

function tellTampering({ io }: Call, { findings }: Checked): void {
  if (findings.some(isTampering))
    io.writeStderr(
      'lockstep: The log was changed by something other than Lockstep.\nlockstep log verify shows where.\n',
    );
}

/** Throws Failure for a purpose or a time that is none. */
function wanted({ io, flags }: Call, records: readonly AccessRecord[]): AccessRecord[] {
  const asked = flags.text('purpose')?.split(',');
  const unknown = asked?.find((one) => !purposes.some((purpose) => purpose === one));
  if (unknown !== undefined)
    throw new Failure(
      exit.generic,
      '--purpose names no purpose that is recorded.',
      `It takes some of: ${purposes.join(', ')}`,
    );
  const moment = (name: OptionName) => {
    const text = flags.text(name);
    const found = text === undefined ? undefined : momentOf(text, io.clock.now());
    if (text !== undefined && !found)
      throw new Failure(
        exit.generic,
        `--${name} takes a day, a time or an age.`,
        'For example: 2026-01-31, 2026-01-31T12:00Z, 24h, 7d',
      );
    return found;
  };
  return wantedOf(records, {
    file: flags.text('file'),
    purposes: asked,
    since: moment('since'),
    until: moment('until'),
  });
}

function asLine({ at, purpose, file, key, to, by }: AccessRecord): string {
  const cells = [at, purpose, file ?? '-', key ?? '-', to ?? '-', by];
  return `${cells.map(visible).join('\t')}\n`;
}

/** A finding as a line. */
function findingWords({ kind, missing, file, line }: Finding): string {
  const count = missing === undefined ? '' : missing === 1 ? ' (1 record)' : ` (${missing} records)`;
  const words: Readonly<Record<Finding['kind'], string>> = {
    torn: 'a record was not finished, because the program or the machine stopped; that is no tampering',
    changed: 'this line is not as it was written',
    gap: `records before this line were removed, added or moved${count}`,
    front: `the oldest records were removed${count}`,
    cut: `the last records were removed or replaced${count}, or lost when the machine lost power`,
    noticed: 'a fault of the log was found here and recorded',
  };
  return `${visible(file)}, line ${line}: ${words[kind]}`;
}
