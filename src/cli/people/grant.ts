import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { clashWith } from '../../core/people/clashes.ts';
import { fingerprintWords } from '../../core/people/fingerprint.ts';
import { personName } from '../../core/people/names.ts';
import { type Grant, planGrant } from '../../core/people/plan.ts';
import { type AccessRequest, readRequest } from '../../core/people/request.ts';
import { parseConfig } from '../../core/rules/rules.ts';
import { visible } from '../../core/tree/path.ts';
import { recordAccess } from '../access/record.ts';
import { agreed } from '../agree.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { readAny } from '../files/input.ts';
import { carryOut, refuse } from './carry.ts';
import { clashWords } from './clash.ts';
import { choosePlaces } from './places.ts';
import { type Team, teamOf } from './team.ts';

/** Lets somebody read every file of some rules: `.sops.yaml` and the files, or nothing of it. */
export const grantAccess: Run = async (call) => {
  const request = await requestOf(call);
  const team = await teamOf(call);
  const name = await nameFor(call, team, request);
  const places = await choosePlaces(call, team, request);
  const grant = await about(team.label(team.config.path), () =>
    planGrant(team.config, team.files, { recipient: request.recipient, name, places }),
  );
  const { obstacles } = grant;
  await refuse(call, team, { verb: 'people grant', obstacles }, grant.files.length + obstacles.length);
  if (grant.files.length === 0 && grant.config.after === team.config.text) {
    call.io.writeStderr(`lockstep: ${visible(name)} can read all of it already. Nothing changes.\n`);
    return 0;
  }
  await call.io.writeStdout(previewOf(team, grant, request.recipient, name));
  if (!(await isAgreed(call, name))) return 0;
  await carryOut(call, team, { verb: 'people grant', configs: [grant.config], files: grant.files, rotate: false });
  const { path } = team.config;
  recordAccess(call, { purpose: 'grant', input: { path, name: path }, key: request.recipient, to: name });
  call.io.writeStderr(
    `lockstep: ${visible(name)} can read ${counted(grant.files.length)} more now. Commit them together with .sops.yaml.\n`,
  );
  return 0;
};

const counted = (count: number) => (count === 1 ? '1 file' : `${count} files`);

/** What the operands are: a key, a file with a request, or - for standard input. */
async function requestOf(call: Call): Promise<AccessRequest> {
  const { io, args } = call;
  const typed = args.join(' ').trim();
  if (typed === '')
    throw new Failure(
      exit.generic,
      'No public key and no request is named.',
      'For example: lockstep people grant --name Maria age1…',
    );
  const isFile = typed !== '-' && !/^(?:age1|ssh-)/.test(typed) && existsSync(resolve(io.cwd, typed));
  const text =
    typed === '-'
      ? fromUtf8(await io.readStdin())
      : isFile
        ? fromUtf8((await readAny(call, resolve(io.cwd, typed))).bytes)
        : typed;
  try {
    return readRequest(text);
  } catch (error) {
    if (error instanceof LockstepError && error.place.what === 'private-key') throw privateKey(isFile || typed === '-');
    throw error;
  }
}

/** Loudly, because it must not stay where it is now. */
const privateKey = (fromFile: boolean) =>
  new Failure(
    exit.generic,
    'THIS IS A PRIVATE KEY. Whoever has it can read every file of its owner. Nothing was granted.',
    `Its owner must make a new one and revoke this one. ${fromFile ? 'Delete the text that it came in.' : 'It is in the history of your shell now: delete it there.'} Ask for the public key: lockstep whoami prints it.`,
  );

/** The name, which clashes with no other. */
async function nameFor(call: Call, team: Team, { recipient, name }: AccessRequest): Promise<string> {
  const text = team.configs.map((config) => config.text).join('\n');
  const given = call.flags.text('name') ?? team.names.get(recipient) ?? name ?? (await askName(call, recipient));
  const found = await about('The name', () => personName(given), exit.generic);
  const clash = clashWith(text, found, recipient);
  if (clash) throw new Failure(exit.generic, `Nothing was granted. ${clashWords(clash)[0]}`, clashWords(clash)[1]);
  return found;
}

async function askName({ io }: Call, recipient: string): Promise<string> {
  const name = io.interactive ? await io.ask(`Whose key is ${visible(recipient)}? `) : undefined;
  if (name === undefined) throw new Failure(exit.generic, 'The key needs a name.', 'Give it with --name.');
  return name;
}

function previewOf(team: Team, grant: Grant, recipient: string, name: string): string {
  const rules = grant.rules.map((rule) => `  rule ${rule + 1}${patternOf(team, rule)}`);
  const lines = [
    `${name}: ${recipient}`,
    `Words of this key: ${fingerprintWords(recipient).join(' ')}`,
    `${team.label(team.config.path)}:`,
    ...rules,
    `${counted(grant.files.length)} to be encrypted for this key, too:`,
    ...grant.files.map(({ path }) => `+ ${team.label(path)}`),
    ...(grant.already.length > 0 ? [`${counted(grant.already.length)} can be read with it already.`] : []),
    ...grant.plain.map((path) => `! ${team.label(path)} is not encrypted: encrypt it first, or after this.`),
    ...grant.differing.map(
      (path) => `! ${team.label(path)} differs from its rule in other readers, who stay: see people check.`,
    ),
  ];
  return lines.map((line) => `${visible(line)}\n`).join('');
}

function patternOf({ config }: Team, rule: number): string {
  const pattern = parseConfig(config.text).rules?.[rule]?.pathRegex;
  return pattern === undefined ? ', for every file' : `, ${pattern}`;
}

async function isAgreed(call: Call, name: string): Promise<boolean> {
  if (call.flags.on('yes')) return true;
  const question = `Does ${visible(name)} read out the same words, and is all of this okay?`;
  if (await agreed(call, question, '-y does not ask.')) return true;
  call.io.writeStderr('lockstep: Nothing was changed.\n');
  return false;
}
