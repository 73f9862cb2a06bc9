import { sealAge } from '../../core/tokens/age.ts';
import { checkPlain, tokenFormats } from '../../core/tokens/formats.ts';
import type { TokenKind } from '../../core/tokens/kinds.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { askedSecret, givenSecret, inputText, namedKind, secretNames, twoWays } from './secret.ts';

/** A text, as another system encrypts one. Throws Failure without a format; AboutFile with BAD_TOKEN, BAD_TOKEN_KEY. */
export const encryptString: Run = async (call) => {
  const { io, flags } = call;
  const kind = namedKind(call);
  if (kind === undefined)
    throw new Failure(exit.generic, 'Which format is the text to be encrypted in?', 'For example: --format flet');
  const recipients = flags
    .list('recipient')
    .flatMap((one) => one.split(','))
    .map((one) => one.trim());
  const given = givenSecret(call);
  if (recipients.length > 0 && kind !== 'age')
    throw new Failure(exit.conflictingFlags, '--recipient is for age alone.', 'Use --format age, or --key-env NAME.');
  if (recipients.length > 0 && given !== undefined) throw twoWays('--recipient', '--key-env or --key-fd');
  const plain = await inputText(call, 'Text to encrypt');
  await about('standard input', () => checkPlain(plain, kind));
  const value = recipients.length > 0 ? await sealAge(plain, { recipients }) : await sealed(call, kind, plain, given);
  if (plain.at(-1) === 0x0a)
    io.writeStderr(
      'lockstep: The text ends with a line break, which is a part of the value. printf %s leaves it out.\n',
    );
  await io.writeStdout(value);
  return 0;
};

async function sealed(call: Call, kind: TokenKind, plain: Uint8Array, given: string | undefined): Promise<string> {
  const { flags, io } = call;
  const what = kind === 'dotenvx' ? 'public key' : secretNames[kind];
  if (kind === 'age') return sealAge(plain, { passphrase: given ?? (await askedSecret(call, what, true)) });
  const { needs, seal } = tokenFormats[kind];
  if (!seal) throw new Failure(exit.generic, 'Lockstep only reads this format.', 'Use its own tool to encrypt.');
  const user = flags.number('user-id') ?? 1;
  if (user < 0) throw new Failure(exit.generic, '--user-id takes the number of a user.', 'For example: --user-id 1');
  const secret = needs === 'nothing' ? '' : (given ?? (await askedSecret(call, what, needs === 'passphrase')));
  return seal(plain, secret, { now: io.clock.now(), user });
}
