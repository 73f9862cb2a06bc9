import { sameRecipient } from '../../../core/age/sshkey.ts';
import { LockstepError } from '../../../core/errors.ts';
import { DataKey } from '../../../core/keys/datakey.ts';
import { requiredGroups } from '../../../core/keys/shamir.ts';
import { UnwrapError, unwrapDataKey } from '../../../core/keys/unwrap.ts';
import { type Why, whyOf } from '../../../core/keys/why.ts';
import { openWith } from '../../../core/open/open.ts';
import type { Look } from '../../../core/platform/keyplaces.ts';
import { kindNames } from '../../../core/sops/kinds.ts';
import { withoutStrayMark } from '../../../core/sops/mark.ts';
import type { Sealed } from '../../../core/sops/sealed.ts';
import { visible } from '../../../core/tree/path.ts';
import type { OwnKey, StandardKeyring } from '../../../node/identities.ts';
import { standardKeyFile } from '../../../node/keyplaces.ts';
import type { Run } from '../../call.ts';
import { about, exit } from '../../failure.ts';
import { readFileOperand } from '../../files/input.ts';
import { readEncrypted } from '../../files/opening.ts';
import { keyringOf } from '../../keys/keyring.ts';
import { namesOf } from '../../keys/names.ts';
import { lookLines, nameOf } from '../../keys/report.ts';
import { nextLines, readerLines } from '../../words/whywords.ts';
import { describe, whatOf } from '../../words/words.ts';

/**
 * Why a file opens or not: who can read it, beside the keys that were found and every place looked at, and what to do next. The
 * exit code is that of `decrypt`.
 */
export const why: Run = async (call) => {
  const input = await readFileOperand(call, exit.noFile);
  const sealed = await readEncrypted(call, input);
  const keyring = keyringOf(call);
  const tried = await about(input.label, () => attempt(sealed, keyring));
  const [own, looks, names] = [await keyring.own(), await keyring.looks(), await namesOf(call)];
  const { groups, required, error } = tried;
  const reason = whyOf(groups, required, !(error instanceof UnwrapError), {
    recipients: own.map(({ recipient }) => recipient),
    waiting: looks.some(isWaiting),
  });
  const { io } = call;
  const lines = [
    `${input.label}: ${headline(reason, error)}`,
    ...readerLines(reason, names),
    ...(own.length === 0 ? ['Your keys: none'] : ['Your keys:', ...own.map((key) => `  ${ownLine(key, reason)}`)]),
    'Keys were looked for in:',
    ...(await lookLines(call, keyring)).map((line) => `  ${line}`),
    ...nextLines(reason.next, names, standardKeyFile(io.env, io.home, io.platform)),
  ];
  await io.writeStdout(lines.map((line) => `${visible(line)}\n`).join(''));
  return error === undefined ? 0 : error instanceof UnwrapError ? exit.noDataKey : describe(error, false).exit;
};

function ownLine({ recipient, place, label, locked }: OwnKey, { groups }: Why): string {
  const opens = groups.flat().some(({ name, result }) => result === 'opened' && sameRecipient(name, recipient));
  const what = opens ? 'opens it' : locked ? 'under a pass phrase' : 'does not open it';
  return `${recipient}${label === undefined ? '' : ` # ${label}`} in ${nameOf(place)}: ${what}`;
}

interface Attempt {
  readonly groups: UnwrapError['groups'];
  readonly required: number;
  /** Why the file cannot be used: no key opens it, or what it holds does not match its MAC. */
  readonly error: LockstepError | UnwrapError | undefined;
}

/** What comes of opening a file. Nothing of it is kept. */
async function attempt(sealed: Sealed, keyring: StandardKeyring): Promise<Attempt> {
  const { metadata } = sealed;
  const required = requiredGroups(metadata.groups.length, metadata.shamirThreshold);
  try {
    const { raw, entries, groups } = await unwrapDataKey(metadata, keyring);
    const key = await DataKey.from(raw, entries);
    const opened = await openWith(await withoutStrayMark(sealed, key), key);
    const failure = opened.verdict.ok ? undefined : opened.verdict.failures[0];
    opened.dispose();
    return { groups, required, error: failure && new LockstepError(failure.code) };
  } catch (error) {
    if (!(error instanceof UnwrapError)) throw error;
    return { groups: error.groups, required: error.required, error };
  }
}

function headline({ next }: Why, error: Attempt['error']): string {
  if (next.kind === 'foreign')
    return `The file opens only with ${next.kinds.map((kind) => kindNames[kind]).join(' or ')}.`;
  return error ? whatOf(error as LockstepError) : 'Your keys open this file, and it matches its MAC.';
}

const isWaiting = ({ errors }: Look): boolean =>
  errors.some(({ code }) => code === 'BAD_PASSPHRASE' || code === 'PLUGIN');
