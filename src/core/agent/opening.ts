import { wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Opener } from '../keys/opener.ts';
import { proofOf } from './held.ts';
import type { OpenedKey, WantedKey } from './protocol.ts';

/** Keys that are tried between two rests, in which others have their turn. */
const slice = 64;

/**
 * Opens wanted keys with what a keyring has. Undefined for one that nothing opens.
 * @param costly openers that start a program or ask a person are used too
 */
export async function openAll(
  wanted: readonly WantedKey[],
  keyring: Keyring,
  costly: boolean,
): Promise<(OpenedKey | undefined)[]> {
  const found: (OpenedKey | undefined)[] = wanted.map(() => undefined);
  await tryAll(wanted, await keyring.openers(), found);
  if (!costly || found.every((one) => one)) return found;
  const named = wanted.map(
    (one) => ({ kind: 'age', name: nameOf(one) ?? '', enc: 'enc' in one ? one.enc : '' }) as const,
  );
  for await (const opener of keyring.asked?.(named) ?? []) {
    await tryAll(wanted, [opener], found);
    if (found.every((one) => one)) break;
  }
  return found;
}

/** `held`: it would open, and the program has shown that it has the key already. */
type Fit = 'opens' | 'held' | undefined;

/**
 * Which wanted keys would open, without starting a program or asking anybody for it: one that needs that counts where the file names it.
 */
export async function fitting(wanted: readonly WantedKey[], keyring: Keyring): Promise<Fit[]> {
  const found = await openAll(wanted, keyring, false);
  const fits = found.map((one, i) => one && fitOf(wanted[i] as WantedKey, one));
  for (const one of found) if (one) wipe(one.key);
  if (fits.every(Boolean)) return fits;
  for await (const opener of keyring.asked?.([]) ?? []) {
    wanted.forEach((one, i) => {
      if (nameOf(one) === opener.recipient || isForPlugin(one)) fits[i] ??= 'opens';
    });
    opener.dispose?.();
  }
  return fits;
}

const fitOf = (wanted: WantedKey, { key }: OpenedKey): Fit =>
  'enc' in wanted && wanted.held !== undefined && wanted.held === proofOf(key) ? 'held' : 'opens';

const nameOf = (wanted: WantedKey) => ('enc' in wanted ? wanted.recipient : undefined);

/** A header says nothing of whom it is for; a key of a plugin may be what opens it, unless it is of a kind that is used here. */
function isForPlugin(wanted: WantedKey): boolean {
  const own = ['X25519', 'mlkem768x25519', 'ssh-ed25519', 'ssh-rsa', 'scrypt'];
  return 'stanzas' in wanted && wanted.stanzas.some(({ args }) => !own.includes(args[0] ?? ''));
}

/** Tries the openers, first those that a key names, and uses them up. */
async function tryAll(
  wanted: readonly WantedKey[],
  openers: readonly Opener[],
  found: (OpenedKey | undefined)[],
): Promise<void> {
  let tried = 0;
  try {
    for (const [i, one] of wanted.entries()) {
      if (found[i]) continue;
      const named = openers.filter(({ recipient }) => recipient === nameOf(one));
      for (const opener of [...named, ...openers.filter((other) => !named.includes(other))]) {
        if (++tried % slice === 0) await others();
        const key = await opened(one, opener);
        if (!key) continue;
        found[i] = { key, recipient: opener.recipient };
        break;
      }
    }
  } finally {
    for (const opener of openers) opener.dispose?.();
  }
}

/**
 * Of a data key, and of a part of one (Shamir). An age file of anything else is no wrapped key, and is not decrypted by way of one.
 */
const keyLengths: readonly number[] = [32, 33];

/** One that is damaged is one that does not open: the others are the file's business. */
async function opened(wanted: WantedKey, opener: Opener): Promise<Uint8Array | undefined> {
  try {
    if ('stanzas' in wanted) return await opener.fileKey?.(wanted.stanzas);
    const key = await opener.unwrap({ kind: 'age', name: wanted.recipient ?? '', enc: wanted.enc });
    if (key === undefined || keyLengths.includes(key.length)) return key;
    wipe(key);
    return undefined;
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}

/** Lets others have the thread: the platform answers this from outside it. */
const others = () => crypto.subtle.digest('SHA-512', new Uint8Array());
