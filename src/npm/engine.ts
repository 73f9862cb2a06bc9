import { resolve } from 'node:path';
import { recordAccess } from '../cli/access/record.ts';
import type { Call } from '../cli/call.ts';
import { about } from '../cli/failure.ts';
import { Flags } from '../cli/flags.ts';
import { useKeyServices } from '../cli/keys/clouds.ts';
import { useGpg } from '../cli/keys/gpg.ts';
import { keyringOf } from '../cli/keys/keyring.ts';
import { pluginsOf } from '../cli/keys/plugins.ts';
import { openAll } from '../cli/run/given.ts';
import { fetchGiven, recordedName } from '../cli/run/managed.ts';
import type { Given } from '../cli/run/sources.ts';
import { usePlugins } from '../core/age/plugin/port.ts';
import { decryptWithKey, encryptWithKey } from '../core/enckeys/payload.ts';
import type { KeyServices } from '../core/platform/keyservices.ts';
import { useNative } from '../core/platform/native.ts';
import { nodeNative } from '../node/native.ts';
import type { Answer, Asked, Handing, Held, Works } from './asking.ts';
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
  const [one, other, name] = asked.args as unknown as readonly [never, never, string];
  switch (asked.work) {
    case 'open':
      return open(call);
    case 'hand':
      return hand(call, asked.program, one, other);
    case 'encrypt':
      return about(keyLabel(name), () => encryptWithKey(one, other));
    case 'decrypt':
      return about(keyLabel(name), () => decryptWithKey(one, other));
  }
}

const keyLabel = (name: string) => `Encryption key ${name}`;

/** Of the openings that are underway: one may use what another one has started, so all of it ends with the last of them. */
const services = new Set<KeyServices>();
let underway = 0;

async function open(call: Call): Promise<Held> {
  services.add(useKeyServices(call.io, call.flags));
  underway++;
  try {
    return await openAll(call);
  } finally {
    keyringOf(call).forget();
    if (--underway === 0) stopServices();
  }
}

/** A program lives on for a long time, and needs no sops any more. */
function stopServices(): void {
  for (const one of services) one.stop();
  services.clear();
}

/** Gets what another manager has, and records all of it: one record for each file. */
async function hand(
  call: Call,
  program: string,
  ...[values, purpose]: Parameters<Works['hand']>
): Promise<readonly string[]> {
  const fetched = await fetchGiven(call, values.map(givenOf));
  for (const file of new Set(values.map((one) => one.file)))
    recordAccess(call, {
      purpose,
      input: { path: file, name: file },
      key: fetched
        .filter(({ from }) => from.path === file)
        .map(recordedName)
        .join(', '),
      by: `${program} (process ${process.pid})`,
      to: program,
    });
  return fetched.map(({ value }) => value);
}

const givenOf = ({ file, label, path, name, value }: Handing): Given => ({
  ...{ variable: '', value, path, name, encryptionKey: undefined },
  from: { label, path: file, commit: undefined, values: [] },
});
