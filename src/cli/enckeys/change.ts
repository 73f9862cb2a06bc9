import { change } from '../../core/change/change.ts';
import type { Step } from '../../core/change/intent.ts';
import { requireKey } from '../../core/enckeys/keys.ts';
import { type KeySize, keyBytes, keySizes, sizeOf } from '../../core/enckeys/payload.ts';
import { addingKey, newKey, removingKey, resettingKey } from '../../core/enckeys/steps.ts';
import { bytesOfText } from '../../core/format/encoding.ts';
import type { Opened } from '../../core/open/open.ts';
import { visible } from '../../core/tree/path.ts';
import { agreed } from '../agree.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import type { Input } from '../files/input.ts';
import { openInput } from '../files/opening.ts';
import { replace } from '../files/output.ts';
import { inputText } from '../tokens/secret.ts';
import { fileForKey, fileWithKey } from './file.ts';
import { tellLoss } from './loss.ts';

/** Puts a key that there is already into a file. */
export const addKey: Run = async (call) => {
  const name = nameOf(call);
  const input = await fileForKey(call);
  const key = Buffer.from(await inputText(call, 'Encryption key'))
    .toString('latin1')
    .trim();
  await about('The encryption key', () => keyBytes(key).fill(0));
  await put(call, input, ({ sealed }) => addingKey(sealed, name, key));
  return told(call, `added to ${input.label}`);
};

/** Puts a new key into a file. */
export const generateKey: Run = async (call) => {
  const name = nameOf(call);
  const key = newKey(bitsOf(call) ?? 128);
  const input = await fileForKey(call);
  await put(call, input, ({ sealed }) => addingKey(sealed, name, key));
  return told(call, `added to ${input.label}`);
};

/** Puts a new key in the place of one, of the same size where none is named. */
export const resetKey: Run = async (call) => {
  const name = nameOf(call);
  const bits = bitsOf(call);
  const input = await fileWithKey(call, name);
  await agree(call, `Reset ${visible(name)} in ${input.label}?`);
  await put(call, input, (opened) => {
    const { key } = requireKey(opened, name);
    return resettingKey(opened.sealed, name, newKey(bits ?? sizeOf(key) ?? 128));
  });
  return told(call, `reset in ${input.label}`);
};

/** Takes a key out of a file. */
export const removeKey: Run = async (call) => {
  const name = nameOf(call);
  const input = await fileWithKey(call, name);
  await agree(call, `Remove ${visible(name)} from ${input.label}?`);
  await put(call, input, (opened) => {
    requireKey(opened, name);
    return removingKey(opened.sealed, name);
  });
  return told(call, `removed from ${input.label}`);
};

/** The name of the key. Throws Failure when there is none, or more words than one: the others may be a key, so they are not repeated. */
function nameOf({ args }: Call): string {
  const [name, ...more] = args;
  if (name !== undefined && name !== '' && more.length === 0) return name;
  throw new Failure(
    exit.generic,
    name ? 'Only the name of the key stands here.' : 'No key is named.',
    '-f names the file. A key that there is already comes on standard input, or is asked for: lockstep encryption-key add -f FILE orders',
  );
}

function bitsOf({ flags }: Call): KeySize | undefined {
  const text = flags.text('bits');
  const found = keySizes.find((bits) => String(bits) === text);
  if (text !== undefined && !found)
    throw new Failure(exit.generic, '--bits takes 128 or 256.', 'Anvil reads keys of 128 bits.');
  return found;
}

/** Says what becomes unreadable, and asks. Throws Failure when the person does not agree. */
async function agree(call: Call, question: string): Promise<void> {
  const { io, flags } = call;
  tellLoss(io);
  if (flags.on('yes')) return;
  if (!io.interactive)
    throw new Failure(exit.generic, 'Nobody is there to be asked.', 'Nothing was changed. --yes agrees.');
  if (!(await agreed(call, question, '--yes agrees.')))
    throw new Failure(exit.generic, 'You did not agree.', 'Nothing was changed.');
}

async function put(call: Call, input: Input, step: (opened: Opened) => Step): Promise<void> {
  const opened = await openInput(call, input);
  try {
    const { text } = await about(input.label, () => change(opened, [step(opened)], call.io.clock));
    await replace(input, bytesOfText(text));
  } finally {
    opened.dispose();
  }
}

function told({ io, args }: Call, what: string): 0 {
  io.writeStderr(`lockstep: The encryption key ${visible(args[0] ?? '')} was ${what}.\n`);
  return 0;
}
