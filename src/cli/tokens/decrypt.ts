import { wipe } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { openAge, wantsPassphrase } from '../../core/tokens/age.ts';
import { checkPlain, checkToken, isSopsValue, recognise, tokenFormats } from '../../core/tokens/formats.ts';
import type { TokenKind } from '../../core/tokens/kinds.ts';
import { StandardKeyring } from '../../node/identities.ts';
import { recordAccess } from '../access/record.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { keyringOf } from '../keys/keyring.ts';
import { askedSecret, givenSecret, inputText, namedKind, secretNames } from './secret.ts';

/** What a value of another system says. Throws Failure; AboutFile with BAD_TOKEN, BAD_TOKEN_KEY, TOO_LARGE. */
export const decryptString: Run = async (call) => {
  const given = givenSecret(call);
  const value = Buffer.from(await inputText(call, 'Encrypted value')).toString('latin1');
  if (value.trim() === '')
    throw new Failure(
      exit.emptyFile,
      'There is no value: the input is empty.',
      'Give the value there: lockstep decrypt-string < FILE',
    );
  await about('standard input', async () => {
    checkToken(value);
    const kind = kindOf(call, value);
    const plain = await opened(call, kind, value, given);
    checkPlain(plain, kind);
    recordAccess(call, { purpose: 'decrypt', key: `a value of ${kind}`, to: 'standard output' });
    await call.io.writeStdout(plain);
    wipe(plain);
  });
  return 0;
};

function kindOf(call: Call, value: string): TokenKind {
  const named = namedKind(call);
  const found = recognise(value);
  if (isSopsValue(value))
    throw new Failure(
      exit.generic,
      'This is a value of a SOPS file, and opens at its place in that file only.',
      'lockstep decrypt --extract PATH FILE prints it.',
    );
  if (named === undefined) {
    if (!found) throw new LockstepError('BAD_TOKEN', { what: 'unknown' });
    return found;
  }
  // Values of one function of Flet have no mark; old ones of Flowfile have that of Fernet.
  if (named === 'flet' && found === undefined) return 'flet-gcm';
  const fits = found === undefined || found === named || (named === 'flowfile' && found === 'fernet');
  if (!fits)
    throw new Failure(exit.generic, `This is a value of ${found}, and not of ${named}.`, `Use --format ${found}.`);
  return named;
}

async function opened(call: Call, kind: TokenKind, value: string, given: string | undefined): Promise<Uint8Array> {
  const secret = async () => given ?? (await askedSecret(call, secretNames[kind], false));
  if (kind !== 'age') {
    const { needs, open } = tokenFormats[kind];
    return open(value, needs === 'nothing' ? '' : await secret(), call.flags.number('user-id'));
  }
  if (await wantsPassphrase(value)) return openAge(value, { passphrase: await secret() });
  // Private keys that are given, and no others; else those that open files.
  const own =
    given === undefined ? keyringOf(call) : new StandardKeyring({ SOPS_AGE_KEY: given }, '', call.io.platform);
  return openAge(value, { keyring: own }).catch((error) => {
    if (!(error instanceof LockstepError) || error.code !== 'NOT_A_RECIPIENT') throw error;
    throw new Failure(exit.noDataKey, 'None of your keys opens this value.', 'Give another key: --key-env NAME.');
  });
}
