import { resolve } from 'node:path';
import { isArmored, keyText } from '../../core/age/armored.ts';
import { ageOpener } from '../../core/age/opener.ts';
import { openIdentityFile, sealIdentityFile } from '../../core/age/private/identityfile.ts';
import { readKeyText } from '../../core/age/private/keytext.ts';
import type { PrivateKey } from '../../core/age/private/privatekey.ts';
import { scannedArmor } from '../../core/backup/armor.ts';
import { LockstepError } from '../../core/errors.ts';
import { strengthOf, weakBits } from '../../core/generate/strength.ts';
import type { Keyring } from '../../core/keys/keyring.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import { keyPlaces, readKeyFile } from '../../node/keyplaces.ts';
import { agreed } from '../agree.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';

/** Keys by name and public key, and the text of the key file that has them. */
export interface KeyFile {
  readonly text: string;
  readonly keys: readonly { readonly label: string; readonly recipient: string }[];
}

/**
 * The keys of some key files, or of the places where sops looks for age keys. Throws Failure when there is none, or one is under a
 * pass phrase already; AboutFile with BAD_IDENTITY.
 */
export async function keysToBackUp({ io, args }: Call): Promise<KeyFile> {
  const texts: string[] = [];
  const take = async (source: string, text: string) => {
    if (isArmored(text))
      throw new Failure(exit.generic, `${source}: This is under a pass phrase already.`, 'Copy it: it is a backup.');
    texts.push(text.trim());
  };
  const places = keyPlaces(io.env, io.home, io.platform).filter(({ kind }) => kind === 'key-file');
  if (args.length > 0)
    for (const path of args)
      await take(path, (await about(path, () => readKeyFile(resolve(io.cwd, path)))) ?? gone(path));
  else
    for (const { source, from } of places) {
      const text = 'path' in from ? await readKeyFile(from.path) : 'text' in from ? io.env[source] : undefined;
      if (text !== undefined) await take(source, text);
    }
  if (texts.length === 0) throw new LockstepError('NO_IDENTITY');
  const text = `${texts.join('\n\n')}\n`;
  const { keys } = readKeyText(text);
  const named = await Promise.all(
    keys.map(async ({ key, comment }) => {
      const recipient = await key.recipient();
      key.wipe();
      return { label: comment ?? shortRecipient(recipient), recipient };
    }),
  );
  return { text, keys: named };
}

function gone(path: string): never {
  throw new Failure(exit.noFile, `${path}: There is no such file.`);
}

/** A new pass phrase, typed twice on the terminal. Throws Failure without a terminal, and when it is short, or not the same twice. */
export async function newPassphrase(call: Call): Promise<string> {
  const { io } = call;
  if (!io.interactive)
    throw new Failure(exit.generic, 'There is nobody to ask for a pass phrase.', 'Run it in a terminal.');
  const first = (await io.ask('Pass phrase for the backup (nothing is shown): ', true)) ?? '';
  if (first.length < 12) throw new Failure(exit.generic, 'The pass phrase needs at least 12 characters.');
  const weak = 'A program can guess this pass phrase. Use it all the same?';
  if (strengthOf(first) < weakBits && !(await agreed(call, weak, 'Six random words are a good choice.')))
    throw new Failure(exit.generic, 'Nothing was written.', 'Six random words are a good choice.');
  const second = await io.ask('The same again: ', true);
  if (second !== first) throw new Failure(exit.generic, 'These are two pass phrases. Nothing was written.');
  return first;
}

/** The age file of some keys under a pass phrase, opened again before it is given out. */
export async function sealedBackUp({ text }: KeyFile, passphrase: string): Promise<string> {
  const armored = await sealIdentityFile(text, passphrase);
  if ((await openIdentityFile(armored, passphrase)) !== text)
    throw new LockstepError('BAD_IDENTITY', { what: 'armor' });
  return armored;
}

const attempts = 5;

/** What a backup holds. */
export interface OpenedBackUp extends KeyFile {
  /** The keys themselves; they last until `wipe`. */
  readonly keyring: Keyring;
  wipe(): void;
}

/**
 * Opens a backup, or the text that was scanned from a sheet, with a pass phrase that is asked for. Throws Failure when it never
 * fits; BAD_IDENTITY.
 */
export async function openBackUp({ io }: Call, bytes: Uint8Array, what = 'the backup'): Promise<OpenedBackUp> {
  const found = keyText(bytes);
  const armored = isArmored(found) ? found : scannedArmor(found);
  if (!io.interactive)
    throw new Failure(exit.generic, 'There is nobody to ask for a pass phrase.', 'Run it in a terminal.');
  for (let n = 1; n <= attempts; n++) {
    const again = n > 1 ? 'That was not it. ' : '';
    const passphrase = await io.ask(`${again}Pass phrase of ${what} (nothing is shown): `, true);
    if (passphrase === undefined) break;
    const text = await openIdentityFile(armored, passphrase).catch((error) => {
      if (error instanceof LockstepError && error.code === 'BAD_PASSPHRASE') return undefined;
      throw error;
    });
    if (text !== undefined) return opened(text);
  }
  throw new Failure(
    exit.noDataKey,
    `The pass phrase does not open ${what}. Nothing was changed.`,
    'Look it up, or try another file: there is no other way to open it.',
  );
}

async function opened(text: string): Promise<OpenedBackUp> {
  const found = readKeyText(text).keys;
  const keys = await Promise.all(found.map(async ({ key, comment }) => named(key, comment)));
  const openers = found.map(({ key }, i) =>
    ageOpener(key, { ...(keys[i] as (typeof keys)[number]), source: { kind: 'passphrase', name: 'backup' } }),
  );
  const wipe = () => {
    for (const { key } of found) key.wipe();
  };
  return { text, keys, keyring: { openers: async () => openers }, wipe };
}

async function named(key: PrivateKey, comment: string | undefined) {
  const recipient = await key.recipient();
  return { label: comment ?? shortRecipient(recipient), recipient };
}
