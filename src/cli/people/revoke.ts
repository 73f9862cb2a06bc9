import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sameRecipient } from '../../core/age/sshkey.ts';
import { checklistFor } from '../../core/checklist/checklist.ts';
import { LockstepError } from '../../core/errors.ts';
import { findPerson } from '../../core/people/clashes.ts';
import { membersOf, namesakesOf } from '../../core/people/members.ts';
import { planRevocation, type Revocation } from '../../core/people/plan.ts';
import { submodulesOf } from '../../core/people/submodules.ts';
import { visible } from '../../core/tree/path.ts';
import * as git from '../../node/git.ts';
import { recordAccess } from '../access/record.ts';
import { agreed } from '../agree.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { machineOf } from '../files/many.ts';
import { keyringOf } from '../keys/keyring.ts';
import { named } from '../keys/names.ts';
import { carryOut, refuse } from './carry.ts';
import { pathInTeam, type Team, teamOf } from './team.ts';

/** Keeps somebody from every later version of every file: rules, files, and new data keys, or nothing of it. */
export const revokeAccess: Run = async (call) => {
  const { io } = call;
  const team = await teamOf(call);
  const recipient = whom(call, team);
  const revocation = await about(team.label(team.config.path), () =>
    planRevocation(team.configs, team.files, recipient),
  );
  const who = team.names.get(recipient) ?? recipient;
  const { configs, files, obstacles } = revocation;
  await refuse(call, team, { verb: 'people revoke', obstacles }, files.length + obstacles.length);
  if (files.length === 0 && configs.length === 0)
    throw new Failure(
      exit.generic,
      `${visible(who)} is in no rule and reads no file. Nothing was changed.`,
      'lockstep people list shows everybody.',
    );
  await io.writeStdout(await previewOf(call, team, revocation, recipient));
  if (!call.flags.on('yes') && !(await agreed(call, 'Is this okay?', '-y does not ask.'))) {
    io.writeStderr('lockstep: Nothing was changed.\n');
    return 0;
  }
  const checklist = await checklistOf(call, team, recipient);
  const path = checklist && join(team.root, checklist.path);
  // An empty folder is nothing to git, should the rest fail.
  if (path) mkdirSync(dirname(path), { recursive: true });
  const more = checklist && path ? [{ path, before: undefined, config: checklist.text }] : [];
  await carryOut(call, team, { verb: 'people revoke', configs, files, rotate: true, more });
  const at = team.config.path;
  recordAccess(call, { purpose: 'revoke', input: { path: at, name: at }, key: recipient, to: who });
  const lines = [
    `${who} cannot read later versions of ${files.length === 1 ? '1 file, which has a new data key. Commit it' : `${files.length} files, which have new data keys. Commit them`} together with .sops.yaml.`,
    ...(checklist && path
      ? [
          `${checklist.items === 1 ? '1 value to replace at its source is' : `${checklist.items} values to replace at their source are`} listed in ${team.label(path)}.`,
        ]
      : []),
  ];
  io.writeStderr(lines.map((line) => `lockstep: ${visible(line)}\n`).join(''));
  return 0;
};

/** Every value that they could read, also in git history; a file of the same change. */
async function checklistOf({ io }: Call, team: Team, recipient: string) {
  const { disk } = machineOf(io);
  const encrypted = team.files.filter(({ facts }) => facts.kind === 'encrypted');
  const files = encrypted.map(async ({ path }) => ({
    path: pathInTeam(team, path),
    bytes: (await disk.read(path)).bytes,
  }));
  return checklistFor({
    leaver: { name: team.names.get(recipient), recipients: [recipient] },
    root: team.root,
    files: await Promise.all(files),
    git,
    disk,
    now: io.clock.now(),
  });
}

/** The key of the name or the key that the operands are. Throws Failure with the keys of a name of several. */
function whom({ args }: Call, team: Team): string {
  const who = args.join(' ').trim();
  if (who === '') throw new Failure(exit.generic, 'Nobody is named.', 'For example: lockstep people revoke Maria');
  if (/AGE-SECRET-KEY-|AGE-PLUGIN-|PRIVATE KEY/i.test(who))
    throw new LockstepError('BAD_RECIPIENT', { what: 'private-key' });
  return findPerson(team.configs.map(({ text }) => text).join('\n'), who);
}

async function previewOf(call: Call, team: Team, revocation: Revocation, recipient: string): Promise<string> {
  const own = (await keyringOf(call).own()).some((key) => sameRecipient(key.recipient, recipient));
  const namesakes = namesakesOf(membersOf(team.configs, team.files, team.names), recipient);
  const submodules = await submodulesOf(machineOf(call.io).disk, team.root);
  const lines = [
    named(team.names, { name: recipient }),
    ...(own ? ['! This is your own key.'] : []),
    ...revocation.configs.map(({ path }) => `- ${team.label(path)}: out of every rule`),
    ...revocation.files.map(
      ({ path }) =>
        `- ${team.label(path)}: new data key${revocation.outside.includes(path) ? '; no rule names this reader' : ''}`,
    ),
    ...revocation.strangers.flatMap(({ path, keys }) =>
      keys.map(
        (key) => `! ${team.label(path)} stays readable for ${named(team.names, key)}, whom its rule does not name`,
      ),
    ),
    ...namesakes.map(
      (key) =>
        `! ${named(team.names, { name: key.recipient })} keeps its access. Revoke it too, if it is the same person's.`,
    ),
    ...submodules.map(
      (path) => `! ${team.label(join(team.root, path))} is a submodule, and stays as it is. Revoke there, too.`,
    ),
    'Old versions in git stay readable, and whoever read a value may have kept it: replace the values at their source.',
  ];
  return lines.map((line) => `${visible(line)}\n`).join('');
}
