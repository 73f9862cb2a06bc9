import { fstatSync, readSync } from 'node:fs';
import { joinedAll } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { mostSealed } from '../../core/tokens/formats.ts';
import { type TokenKind, tokenKinds } from '../../core/tokens/kinds.ts';
import type { Call } from '../call.ts';
import { AboutFile, exit, Failure } from '../failure.ts';

/** More than any key or pass phrase. */
const most = 64 * 1024;

/** The key or pass phrase that flags say where to find; undefined without such flags. Throws Failure. */
export function givenSecret({ flags, io }: Call): string | undefined {
  const [name, file] = [flags.text('key-env'), flags.text('key-fd')];
  if (name !== undefined && file !== undefined) throw twoWays('--key-env', '--key-fd');
  if (file !== undefined) return secretOf(file);
  if (name === undefined) return undefined;
  const found = io.env[name];
  if (!found)
    throw new Failure(
      exit.generic,
      'The variable that --key-env names is not set, or empty.',
      'Set it first: the flag takes its name.',
    );
  return found;
}

/** For two flags that say where the key comes from. */
export const twoWays = (one: string, other: string) =>
  new Failure(exit.conflictingFlags, `${one} and ${other} contradict each other.`, 'Use one of the two.');

/** What an open file says, but for the line end that a text file has at its end. */
function secretOf(number: string): string {
  const file = /^\d{1,4}$/.test(number) ? Number(number) : 0;
  if (file < 3)
    throw new Failure(exit.generic, '--key-fd takes the number of an open file, from 3.', 'In a shell: 3< KEY_FILE.');
  const found = wholeOf(file);
  if (!found)
    throw new Failure(
      exit.generic,
      `The file ${file} of --key-fd is not open, empty, or too long.`,
      'Open it: 3< KEY_FILE in a shell.',
    );
  return found.toString('utf8').replace(/\r?\n$/, '');
}

function wholeOf(file: number): Buffer | undefined {
  const bytes = Buffer.alloc(most + 1);
  let length = 0;
  try {
    const kind = fstatSync(file);
    // Those that Node opened for itself are of no type; reading one would wait for ever.
    if (!kind.isFile() && !kind.isFIFO() && !kind.isSocket() && !kind.isCharacterDevice()) return undefined;
    for (let read = -1; read !== 0 && length <= most; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null);
  } catch {
    return undefined;
  }
  return length === 0 || length > most ? undefined : bytes.subarray(0, length);
}

/** What a person types. Throws Failure where nobody is there, and for two pass phrases that are not one. */
export async function askedSecret({ io }: Call, what: string, twice: boolean): Promise<string> {
  if (!io.interactive)
    throw new Failure(
      exit.generic,
      `There is no ${what}, and nobody to ask for it.`,
      'Give it by --key-env NAME or --key-fd N.',
    );
  const first = answered(await io.ask(`${what[0]?.toUpperCase()}${what.slice(1)} (nothing is shown): `, true));
  if (twice && answered(await io.ask('The same again: ', true)) !== first)
    throw new Failure(exit.generic, 'You typed two different texts.', 'Nothing was encrypted.');
  return first;
}

/** Nothing is made of a question that somebody broke off. */
function answered(answer: string | undefined): string {
  if (answer === undefined) throw new Failure(exit.generic, 'There is no answer.', 'Nothing was done.');
  return answer;
}

/** What --format says; undefined for `auto`, and without it. Throws Failure for a format that is none of ours. */
export function namedKind({ flags }: Call): TokenKind | undefined {
  const named = flags.text('format') ?? 'auto';
  const known = tokenKinds.find((kind) => kind === named);
  if (!known && named !== 'auto')
    throw new Failure(exit.generic, 'Lockstep does not know this format.', `It knows ${tokenKinds.join(', ')}.`);
  return known;
}

/** The text that a verb is about: standard input, or a line that a person types. */
export async function inputText({ io }: Call, what: string): Promise<Uint8Array> {
  if (!io.isTerminal(0)) return boundedInput(io.stdinPieces());
  return Buffer.from(answered(await io.ask(`${what} (nothing is shown): `, true)), 'utf8');
}

/** Throws TOO_LARGE before an input without end fills the memory. */
async function boundedInput(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > mostSealed) throw new AboutFile('standard input', new LockstepError('TOO_LARGE', { what: 'token' }));
    parts.push(piece);
  }
  return joinedAll(parts);
}

/** What each format's users call what opens a value. */
export const secretNames: Readonly<Record<TokenKind, string>> = {
  flet: 'pass phrase',
  'flet-gcm': 'pass phrase',
  fernet: 'Fernet key',
  anvil: 'encryption key',
  flowfile: 'master key',
  dotenvx: 'private key',
  age: 'pass phrase',
  ansible: 'vault password',
  rails: 'master key',
  kestra: 'nothing',
};
