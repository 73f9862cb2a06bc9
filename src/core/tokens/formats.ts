import { tryUtf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { isAge } from './age.ts';
import { isAnsible, openAnsible } from './ansible.ts';
import { openAnvil, sealAnvil } from './anvil.ts';
import { isDotenvx, openDotenvx, sealDotenvx } from './dotenvx.ts';
import { fernetKey, isFernet, openFernet, sealFernet } from './fernet.ts';
import { isFlet, openFlet, openFletGcm, sealFlet, sealFletGcm } from './flet.ts';
import { isFlowfile, openFlowfile, sealFlowfile } from './flowfile.ts';
import { openKestra, sealKestra } from './kestra.ts';
import type { TokenKind } from './kinds.ts';
import { isRails, openRails } from './rails.ts';

/** What else goes into a value. */
interface About {
  readonly now: Date;
  /** Flowfile's number of the user. */
  readonly user: number;
}

/** How single values of one system are read and written. `secret`: what a person gives, as that system spells it. */
interface TokenFormat {
  readonly needs: 'passphrase' | 'key' | 'nothing';
  /** Whether all that it holds is text. */
  readonly text?: true;
  /** Throws BAD_TOKEN, BAD_TOKEN_KEY. */
  open(value: string, secret: string, user?: number): Promise<Uint8Array> | Uint8Array;
  /** Throws BAD_TOKEN_KEY. Missing for files that hold more than one value, which are only read. */
  seal?(plain: Uint8Array, secret: string, about: About): Promise<string> | string;
}

/** All but `age`, which has functions of its own (`age.ts`): keys of many kinds open it. */
export const tokenFormats: Readonly<Record<Exclude<TokenKind, 'age'>, TokenFormat>> = {
  flet: {
    needs: 'passphrase',
    text: true,
    open: openFlet,
    seal: (plain, secret, { now }) => sealFlet(plain, secret, now),
  },
  'flet-gcm': { needs: 'passphrase', text: true, open: openFletGcm, seal: sealFletGcm },
  fernet: {
    needs: 'key',
    open: (value, secret) => openFernet(value, fernetKey(secret)),
    seal: (plain, secret, { now }) => sealFernet(plain, fernetKey(secret), now),
  },
  anvil: { needs: 'key', text: true, open: openAnvil, seal: sealAnvil },
  flowfile: {
    needs: 'key',
    text: true,
    open: openFlowfile,
    seal: (plain, secret, { now, user }) => sealFlowfile(plain, secret, user, now),
  },
  dotenvx: { needs: 'key', text: true, open: openDotenvx, seal: sealDotenvx },
  ansible: { needs: 'passphrase', open: openAnsible },
  rails: { needs: 'key', open: openRails },
  kestra: { needs: 'nothing', text: true, open: openKestra, seal: sealKestra },
};

const marks: readonly (readonly [TokenKind, (text: string) => boolean])[] = [
  ['flowfile', isFlowfile],
  ['dotenvx', isDotenvx],
  ['ansible', isAnsible],
  ['age', isAge],
  ['fernet', isFernet],
  ['flet', isFlet],
  ['rails', isRails],
];

/** The system that a value says it is of, spaces around it aside; undefined for one without a mark, as those of Anvil are. */
export function recognise(text: string): TokenKind | undefined {
  const word = text.trim();
  return marks.find(([, fits]) => fits(word))?.[0];
}

/** Whether a text is a value of a SOPS file, which opens at its place in that file only. */
export const isSopsValue = (text: string): boolean => text.trim().startsWith('ENC[AES256_GCM,');

const mostPlain = 1024 * 1024;
/** The length of a value at most: ansible-vault has four signs for each byte, others have fewer. */
export const mostSealed = 5 * mostPlain;

/** Throws TOO_LARGE `token` for a text that is longer than any value is. */
export function checkToken(text: string): void {
  if (text.length > mostSealed) throw new LockstepError('TOO_LARGE', { what: 'token' });
}

/** Throws TOO_LARGE `token` for more than 1 MB of plaintext, and BAD_TOKEN `not-text` for what a system would not read as text. */
export function checkPlain(plain: Uint8Array, kind: TokenKind): void {
  if (plain.length > mostPlain) throw new LockstepError('TOO_LARGE', { what: 'token' });
  if (kind !== 'age' && tokenFormats[kind].text && tryUtf8(plain) === undefined)
    throw new LockstepError('BAD_TOKEN', { what: 'not-text' });
}
