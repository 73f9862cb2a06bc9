import { keyPlaces } from '../../core/enckeys/keys.ts';
import { isSameName } from '../../core/enckeys/names.ts';
import { LockstepError } from '../../core/errors.ts';
import { visible } from '../../core/tree/path.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { type Input, readFileOperand } from '../files/input.ts';
import { readEncrypted } from '../files/opening.ts';
import { filesFor } from '../run/given.ts';

type FileInput = Input & { readonly path: string };

/** The files that keys are looked for in: those of -f, else of the environment, as `run` takes them. Throws AboutFile, Failure. */
export async function keyFiles(call: Call): Promise<FileInput[]> {
  const { files } = await filesFor(call, call.flags.list('file'), undefined);
  const inputs: FileInput[] = [];
  for (const file of files) inputs.push(await readFileOperand({ ...call, args: [file] }, exit.noFile));
  return inputs;
}

/** The one file that gets a new key. Throws Failure where an environment has several, and none is named. */
export async function fileForKey(call: Call): Promise<FileInput> {
  const [only, ...more] = await keyFiles(call);
  if (only && more.length === 0) return only;
  throw new Failure(
    exit.generic,
    'Which file is the key to go into?',
    `Name one: ${[only, ...more].map((one) => `-f ${one?.label}`).join(' or ')}`,
  );
}

/** The one file that has a key. Throws Failure, AboutFile. */
export async function fileWithKey(call: Call, name: string): Promise<FileInput> {
  const found: FileInput[] = [];
  for (const input of await keyFiles(call))
    if (keyPlaces(await readEncrypted(call, input)).some((one) => isSameName(one.name, name))) found.push(input);
  const [only, another] = found;
  if (only && !another) return only;
  return about(`Encryption key ${visible(name)}`, () => {
    throw new LockstepError('NO_ENCRYPTION_KEY', another ? { what: 'several' } : {});
  });
}
