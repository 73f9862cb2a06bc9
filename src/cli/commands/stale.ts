import { join } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import { dayOf } from '../../core/checklist/checklist.ts';
import { parsed } from '../../core/checklist/version.ts';
import { policyPath, readPolicy } from '../../core/policy/policy.ts';
import { type Stale, staleIn } from '../../core/policy/stale.ts';
import { labelOf } from '../../core/sops/label.ts';
import { visible } from '../../core/tree/path.ts';
import { readIfThere } from '../../node/files.ts';
import type { Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { encryptedFiles, repositoryRoot } from '../files/repository.ts';
import { oldValues } from '../history/old.ts';

/** Secrets that are due or overdue, that nobody owns, and lines of the policy that are wrong. Needs no key. */
export const stale: Run = async (call) => {
  const { io, flags } = call;
  const root = await repositoryRoot(call);
  const days = flags.number('days');
  if (days !== undefined && days < 0)
    throw new Failure(exit.generic, '--days takes a whole number, and none below 0.', 'For example: --days 90');
  if (days !== undefined) return oldValues(call, root, days);
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
  for (const path of unread)
    io.writeStderr(`lockstep: ${visible(path)}: The file is damaged, so its entries are not known.\n`);
  const found = staleIn(policy, secrets, dayOf(io.clock.now()), unread);
  await io.writeStdout(flags.on('json') ? `${JSON.stringify(found)}\n` : found.map(lineOf).join(''));
  return found.length > 0 ? exit.found : 0;
};

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
