import { resolve } from 'node:path';
import { recordAccess } from '../cli/access/record.ts';
import type { Call } from '../cli/call.ts';
import { Flags } from '../cli/flags.ts';
import { useGpg } from '../cli/keys/gpg.ts';
import { keyringOf } from '../cli/keys/keyring.ts';
import { pluginsOf } from '../cli/keys/plugins.ts';
import { openAll } from '../cli/run/given.ts';
import { usePlugins } from '../core/age/plugin/port.ts';
import { decryptWithKey, encryptWithKey } from '../core/enckeys/payload.ts';
import { useNative } from '../core/platform/native.ts';
import { nodeNative } from '../node/native.ts';
import type { Answer, Asked, Held, Works } from './asking.ts';
import { libraryIo } from './io.ts';
import { toldOf } from './told.ts';

export { serve } from './serving.ts';

useNative(nodeNative);

/** Does what it is asked, in the thread that it is in. Never rejects. */
export async function answer(asked: Asked): Promise<Answer> {
  const remarks: string[] = [];
  const call = callOf(asked, (remark) => remarks.push(remark));
  usePlugins(pluginsOf(call.io));
  useGpg(call.io);
  try {
    return { value: await done(call, asked), remarks };
  } catch (error) {
    return { failure: toldOf(error, remarks), remarks: [] };
  }
}

/** As if `lockstep run` had been typed in that folder. */
function callOf({ place: { cwd, folder, environment, files }, env }: Asked, tell: (remark: string) => void): Call {
  const given = {
    ...(environment !== undefined && { 'env-name': [environment] }),
    ...(files.length > 0 && { file: [...files] }),
  };
  const io = libraryIo(resolve(cwd, folder), env, tell);
  return { io, flags: new Flags(given, env), args: [], after: undefined };
}

function done(call: Call, asked: Asked): Promise<unknown> {
  const [one, other] = asked.args as unknown as readonly [never, never];
  switch (asked.work) {
    case 'open':
      return open(call);
    case 'hand':
      return hand(call, asked.program, one, other);
    case 'encrypt':
      return encryptWithKey(one, other);
    case 'decrypt':
      return decryptWithKey(one, other);
  }
}

async function open(call: Call): Promise<Held> {
  try {
    return await openAll(call);
  } finally {
    keyringOf(call).forget();
  }
}

/** One record for each file. */
async function hand(
  call: Call,
  program: string,
  ...[values, purpose]: Parameters<Works['hand']>
): Promise<readonly string[]> {
  for (const file of new Set(values.map((one) => one.file))) {
    const names = values.filter((one) => one.file === file).map(({ name }) => name);
    recordAccess(call, {
      purpose,
      input: { path: file, name: file },
      key: names.join(', '),
      by: `${program} (process ${process.pid})`,
      to: program,
    });
  }
  return values.map(({ value }) => value);
}
