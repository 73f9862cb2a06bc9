import { join } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import { dayOf } from '../../core/checklist/checklist.ts';
import { parsed } from '../../core/checklist/version.ts';
import { type Age, agesOf } from '../../core/history/ages.ts';
import { policyPath, readPolicy } from '../../core/policy/policy.ts';
import { type Stale, staleIn } from '../../core/policy/stale.ts';
import { labelOf } from '../../core/sops/label.ts';
import { visible } from '../../core/tree/path.ts';
import { readIfThere } from '../../node/files.ts';
import type { Call, Run } from '../call.ts';
import { about, exit } from '../failure.ts';
import { gitOfPerson, opensIfItCan, placeInGit } from '../files/ingit.ts';
import { encryptedFiles, repositoryRoot } from '../files/repository.ts';

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

/** Secrets that are due or overdue, that nobody owns, and lines of the policy that are wrong. Needs no key. */
export const stale: Run = async (call) => {
  const { io, flags } = call;
  const root = await repositoryRoot(call);
  const days = flags.number('days');
  if (days !== undefined) return old(call, root, days);
  const content = await about(policyPath, () => readIfThere(join(root, policyPath)), exit.cannotRead);
  if (!content) {
    if (flags.on('json')) await io.writeStdout('[]\n');
    io.writeStderr(`lockstep: There is no ${policyPath}, so no secret has an owner or an expiry date.\n`);
    return 0;
  }
  const policy = await about(policyPath, () => readPolicy(fromUtf8(content.bytes)), exit.generic);
  const files = (await encryptedFiles(call, root)).map((file) => ({ ...file, leaves: parsed(file)?.leaves }));
  const secrets = files.flatMap(({ path, leaves = [] }) =>
    leaves.map((leaf) => ({ file: path, entry: labelOf(leaf) })),
  );
  const unread = files.filter(({ leaves }) => !leaves).map(({ path }) => path);
  for (const path of unread) io.writeStderr(`lockstep: ${visible(path)}: ${damaged}\n`);
  const found = staleIn(policy, secrets, dayOf(io.clock.now()), unread);
  await io.writeStdout(flags.on('json') ? `${JSON.stringify(found)}\n` : found.map(lineOf).join(''));
  return found.length > 0 ? exit.found : 0;
};

/** Values that git has had for at least so many days. */
async function old(call: Call, root: string, days: number): Promise<number> {
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
  for await (const age of agesOf(source)) ages.set(age.entry, age);
  const known = secrets.flatMap((entry) => ages.get(entry) ?? []);
  const unknown = secrets.length - known.length;
  if (unknown > 0) tell(`This clone cannot tell the age of ${unknown === 1 ? '1 value' : `${unknown} values`}.`);
  if (known.some(({ atLeast }) => atLeast))
    tell(
      'Some values may be older than is said: the clone has a part of the history only, or no key here opens older versions.',
    );
  return known;
}

function lineOf(one: Stale): string {
  const { file, entry, owner, line } = one;
  return `${[wordsOf(one), file, entry, owner ?? '', line === undefined ? '' : `${policyPath}:${line}`].map(visible).join('\t').trimEnd()}\n`;
}

function wordsOf({ why, expires, days = 0 }: Stale): string {
  switch (why) {
    case 'overdue':
      return days === 0 ? `overdue since today` : `overdue since ${expires}`;
    case 'due':
      return `due on ${expires}`;
    case 'no-owner':
      return 'without owner';
    case 'gone':
      return 'no such entry';
    case 'date':
      return 'no date';
    case 'field':
      return 'unknown field';
    case 'kind':
      return 'not a text';
  }
}
