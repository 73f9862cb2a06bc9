import { type ErrorCode, LockstepError } from '../../core/errors.ts';
import { clashesOf, type Member, membersOf } from '../../core/people/members.ts';
import type { TeamFile } from '../../core/people/plan.ts';
import { accessOf } from '../../core/survey/access.ts';
import type { EncryptedFacts } from '../../core/survey/facts.ts';
import { visible } from '../../core/tree/path.ts';
import type { Call, Run } from '../call.ts';
import { about, exit } from '../failure.ts';
import { named } from '../keys/names.ts';
import { sentenceOf } from '../words/words.ts';
import { clashWords } from './clash.ts';
import { type Team, teamOf } from './team.ts';

/**
 * Looks for what a team must not merge, without a key: files whose readers are not those of their rule, files that cannot be looked at, and
 * names that clash. 0 when there is nothing of the kind, else `exit.found`. Recipients without a name are a note only.
 */
export const checkPeople: Run = async (call) => {
  const team = await teamOf(call);
  const members = await about(team.config.path, () => membersOf(team.configs, team.files, team.names), exit.generic);
  const faults = [
    ...clashesOf(team.configs).map((clash) => `.sops.yaml: ${clashWords(clash).join(' ')}`),
    ...team.files.flatMap((file) => faultsOf(team, file).map((fault) => `${team.label(file.path)}: ${fault}`)),
  ];
  await call.io.writeStdout(faults.map((line) => `${visible(line)}\n`).join(''));
  tellNotes(call, team, members);
  const encrypted = team.files.filter(({ facts }) => facts.kind === 'encrypted').length;
  const good =
    encrypted === 1 ? '1 file has the readers of its rule' : `${encrypted} files have the readers of their rules`;
  if (faults.length === 0) call.io.writeStderr(`lockstep: ${good}.\n`);
  return faults.length === 0 ? 0 : exit.found;
};

function faultsOf(team: Team, { facts }: TeamFile): string[] {
  switch (facts.kind) {
    case 'encrypted':
      return driftOf(team, facts);
    case 'conflict':
      return [sentenceOf(new LockstepError('SYNTAX', { what: 'conflict' }))];
    case 'unread':
      return [wordsOf(facts.code)];
    case 'broken':
      return facts.plain ? [] : [wordsOf(facts.code)];
    default:
      return [];
  }
}

function driftOf({ names }: Team, facts: EncryptedFacts): string[] {
  const { drift } = facts;
  if (drift.kind === 'no-rule') return ['No creation rule covers it, so nothing says who is meant to read it.'];
  if (drift.kind === 'bad-rule') return [wordsOf(drift.code)];
  if (drift.kind === 'same') return [];
  const people = accessOf(facts).flatMap(({ key, kind, group }) => {
    const where = facts.groups.length > 1 ? ` in group ${group + 1}` : '';
    if (kind === 'lacks') return [`${named(names, key)} cannot read it${where}, and the rule says so.`];
    return kind === 'extra' ? [`${named(names, key)} can read it${where}, and the rule does not say so.`] : [];
  });
  return people.length > 0 ? people : ['Its key groups, or how many are needed, are not those of its rule.'];
}

/** A survey keeps the code of an error only. */
const wordsOf = (code: ErrorCode) => sentenceOf(new LockstepError(code as 'IO'));

/** What is no fault. */
function tellNotes({ io }: Call, team: Team, members: readonly Member[]): void {
  for (const { name, kind, recipient } of members)
    if (name === undefined && kind === 'age')
      io.writeStderr(
        `lockstep: note: ${visible(recipient)} has no name: write one behind it in .sops.yaml, as “# Maria”.\n`,
      );
  const plain = team.files.filter(({ facts }) => facts.kind === 'plain' && facts.rule !== undefined);
  for (const { path } of plain)
    io.writeStderr(`lockstep: note: ${visible(team.label(path))} is not encrypted, and a rule covers it.\n`);
}
