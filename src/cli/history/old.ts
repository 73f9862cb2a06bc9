import { join } from 'node:path';
import { dayOf } from '../../core/checklist/checklist.ts';
import { parsed } from '../../core/checklist/version.ts';
import { type Age, agesOf } from '../../core/history/ages.ts';
import { labelOf } from '../../core/sops/label.ts';
import { visible } from '../../core/tree/path.ts';
import type { Call } from '../call.ts';
import { about, exit } from '../failure.ts';
import { encryptedFiles } from '../files/repository.ts';
import { gitOfPerson, opensIfItCan, placeInGit } from './ingit.ts';

const damaged = 'The file is damaged, so its entries are not known.';
const day = 24 * 60 * 60 * 1000;

/** A value that has not changed for long. */
interface OldValue {
  readonly file: string;
  readonly entry: string;
  /** `YYYY-MM-DD`. */
  readonly since: string;
  readonly atLeast: boolean;
}

/** Prints the values that git has had for at least so many days; the exit code. Throws AboutFile. */
export async function oldValues(call: Call, root: string, days: number): Promise<number> {
  const { io, flags } = call;
  const found: OldValue[] = [];
  const latest = new Date(io.clock.now().getTime() - days * day);
  for (const { path, bytes } of await encryptedFiles(call, root)) {
    const ages = await about(path, () => agesHere(call, root, path, bytes));
    if (!ages) continue;
    for (const { entry, since, atLeast } of ages)
      if (since && since <= latest) found.push({ file: path, entry, since: dayOf(since), atLeast });
  }
  found.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
  const lines = found.map(({ file, entry, since, atLeast }) => [
    `${atLeast ? 'since at least' : 'since'} ${since}`,
    file,
    entry,
  ]);
  await io.writeStdout(
    flags.on('json') ? `${JSON.stringify(found)}\n` : lines.map((line) => `${line.map(visible).join('\t')}\n`).join(''),
  );
  return found.length > 0 ? exit.found : 0;
}

/** Of the secrets of one file, in its order. Says what git cannot tell. */
async function agesHere(call: Call, root: string, path: string, bytes: Uint8Array): Promise<Age[] | undefined> {
  const tell = (text: string) => call.io.writeStderr(`lockstep: ${visible(path)}: ${text}\n`);
  const secrets = parsed({ path, bytes })?.leaves.map(labelOf);
  const place = await placeInGit(join(root, path));
  if (!secrets || !place) {
    tell(secrets ? 'It is in no git repository, so nobody knows how old its values are.' : damaged);
    return undefined;
  }
  const ages = new Map<string, Age>();
  const source = { git: gitOfPerson, root: place.root, file: { path: place.path, bytes }, open: opensIfItCan(call) };
  for await (const age of agesOf(source, secrets)) ages.set(age.entry, age);
  const known = secrets.flatMap((entry) => ages.get(entry) ?? []);
  const unknown = secrets.length - known.length;
  if (unknown > 0) tell(`This clone cannot tell the age of ${unknown === 1 ? '1 value' : `${unknown} values`}.`);
  if (known.some(({ atLeast }) => atLeast))
    tell(
      'Some values may be older than is said: the clone has a part of the history only, or no key here opens older versions.',
    );
  return known;
}
