import { checkRecipient } from '../../core/age/recipient.ts';
import { sameRecipient } from '../../core/age/sshkey.ts';
import { wipe } from '../../core/bytes.ts';
import { visible } from '../../core/tree/path.ts';
import { keyLabel } from '../../node/access/requester.ts';
import type { OwnKey } from '../../node/identities.ts';
import { standardKeyFile } from '../../node/keyplaces.ts';
import { agreed } from '../agree.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { listed } from '../files/namedkeys.ts';
import { forgetKeyring, keyringOf } from '../keys/keyring.ts';
import { makeKey, placeKey } from '../keys/newkey.ts';
import { nameOf } from '../keys/report.ts';

/** For whom the files are encrypted, and what is said of it. */
export interface Readers {
  readonly recipients: readonly string[];
  /** Recipient → the name that goes into `.sops.yaml`. */
  readonly names: ReadonlyMap<string, string>;
  /** The file with one's private key, where a backup has to be made of it. */
  readonly keyFile: string | undefined;
  readonly line: string;
}

/**
 * The first step: those of `--recipient`, else one's own key, else a new one in the standard key file. Throws Failure where there is none and
 * nobody agrees to a new one; AboutFile for what is no public key.
 */
export async function chooseReaders(call: Call): Promise<Readers> {
  const named = listed(call.flags, 'recipient').filter((one) => one !== '');
  const own = await keyringOf(call).own();
  if (named.length > 0) return ofFlags(await checked(named), own);
  const [first, ...others] = own;
  if (!first) return newOwn(call);
  const chosen = others.length === 0 ? first : await oneOf(call, own);
  return ofOwn(chosen);
}

async function checked(recipients: readonly string[]): Promise<string[]> {
  return about('--recipient', () => [...new Set(recipients.map(checkRecipient))], exit.generic);
}

function ofFlags(recipients: readonly string[], own: readonly OwnKey[]): Readers {
  const mine = own.find((key) => recipients.some((one) => sameRecipient(one, key.recipient)));
  const line = recipients.length === 1 ? (recipients[0] ?? '') : `${recipients.length} public keys`;
  return {
    recipients,
    names: namesOf(mine),
    keyFile: mine && fileOf(mine),
    line: `${line}${mine ? '' : ' (none of them yours)'}`,
  };
}

const ofOwn = (key: OwnKey): Readers => ({
  recipients: [key.recipient],
  names: namesOf(key),
  keyFile: fileOf(key),
  line: `${key.recipient} in ${nameOf(key.place)}`,
});

const fileOf = ({ place }: OwnKey) => ('path' in place.from ? place.from.path : undefined);
const namesOf = (key: OwnKey | undefined) => new Map(key ? [[key.recipient, key.label ?? userName()]] : []);
/** Not the machine: the name goes into the repository. */
const userName = () => keyLabel().split('@')[0] ?? '';

async function oneOf(call: Call, own: readonly OwnKey[]): Promise<OwnKey> {
  const [first] = own as [OwnKey];
  if (call.flags.on('yes')) return first;
  const lines = own.map(({ recipient, place }, i) => `  ${i + 1}  ${recipient} in ${nameOf(place)}\n`);
  call.io.writeStderr(
    `You have several keys:\n${lines
      .map(visible)
      .map((line) => `${line}\n`)
      .join('')}`,
  );
  const answer = await call.io.ask('Which one should the files be encrypted for? (Enter: 1) ');
  if (answer === undefined)
    throw new Failure(exit.generic, 'There is no answer.', 'Nothing was written. Use --recipient.');
  const found = own[answer.trim() === '' ? 0 : Number(answer) - 1];
  if (!found) throw new Failure(exit.generic, 'There is no such key.', 'Nothing was written. Use --recipient.');
  return found;
}

async function newOwn(call: Call): Promise<Readers> {
  const { io, flags } = call;
  const path = standardKeyFile(io.env, io.home, io.platform);
  const hint = 'lockstep keygen -o FILE makes a key elsewhere; --recipient names the public key of somebody else.';
  if (path === undefined) throw new Failure(exit.noDataKey, 'There is no key, and no place for one.', hint);
  const question = `You have no key yet. Make one in ${visible(path)}?`;
  if (!flags.on('yes') && !(await agreed(call, question, hint)))
    throw new Failure(exit.noDataKey, 'There is no key to encrypt for.', hint);
  const { recipient, file } = await makeKey(call, keyLabel());
  try {
    await placeKey(call, path, file, { folder: true, isNew: true });
  } finally {
    wipe(file);
  }
  forgetKeyring(call);
  return {
    recipients: [recipient],
    names: new Map([[recipient, userName()]]),
    keyFile: path,
    line: `${recipient}, made just now, in ${path}`,
  };
}
