import { resolve } from 'node:path';
import { isArmored, keyText } from '../../core/age/armored.ts';
import { agentIdentity } from '../../core/agent/identity.ts';
import { wipe } from '../../core/bytes.ts';
import { visible } from '../../core/tree/path.ts';
import { lonelyName } from '../../node/agent/place.ts';
import { openDoor } from '../../node/agent/server.ts';
import { readBytes } from '../../node/files.ts';
import { keyPlaces } from '../../node/keyplaces.ts';
import { endingSignals } from '../../node/spawn.ts';
import { agentOver } from '../agent/serving.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { type OpenedBackUp, openBackUp } from '../keys/backup.ts';

/** Larger than any file of keys. */
const maxKeyFile = 16 * 1024 * 1024;
/** Minutes without a request after which the keys are dropped. */
const idle = { usual: 15, most: 24 * 60 };

/**
 * Serves the keys of a key file under a pass phrase to other programs, until nobody has asked for a while or it is ended. Exit code 0 in
 * both cases. Throws Failure, AboutFile.
 */
export const agent: Run = async (call) => {
  const { io, flags } = call;
  const minutes = flags.number('idle-minutes') ?? idle.usual;
  if (minutes < 1 || minutes > idle.most)
    throw new Failure(exit.generic, '--idle-minutes takes a number of minutes.', `From 1 to ${idle.most}.`);
  const keys = await openKeys(call);
  let end: (why: string) => void = () => undefined;
  const ended = new Promise<string>((done) => {
    end = done;
  });
  const idleLimit = minutes * 60_000;
  let timer = setTimeout(() => end('idle'), idleLimit);
  const agent = agentOver(call, keys.keyring);
  const stop = io.onSignals(endingSignals, (signal) => end(signal));
  try {
    const door = await openDoor(io, lonelyName, (request, client) => {
      clearTimeout(timer);
      timer = setTimeout(() => end('idle'), idleLimit);
      return agent.answer(request, client);
    });
    if (!door)
      throw new Failure(
        exit.generic,
        'There is no private place for a socket.',
        'XDG_RUNTIME_DIR names one for you alone.',
      );
    io.writeStderr(
      `lockstep: The agent answers at ${visible(door.path)}. Programs of Lockstep find it there. Ctrl+C ends it; so does ${minutes === 1 ? 'a minute' : `${minutes} minutes`} without a request.\n`,
    );
    const service = door.keyService === undefined ? '' : `SOPS_KEYSERVICE=${door.keyService}\n`;
    await io.writeStdout(`${service}SOPS_AGE_KEY=${agentIdentity()}\n`);
    const why = await ended;
    agent.close();
    door.close();
    if (why === 'idle')
      io.writeStderr('lockstep: Nobody has asked for a while, so the agent has dropped its keys and ends.\n');
    return 0;
  } finally {
    clearTimeout(timer);
    stop();
    agent.close();
    keys.wipe();
  }
};

/** The keys of the file that is named, else of the first key file that is under a pass phrase, where sops looks. */
async function openKeys(call: Call): Promise<OpenedBackUp> {
  const { io, args } = call;
  const [file] = args;
  const places = keyPlaces(io.env, io.home, io.platform).flatMap(({ from }) => ('path' in from ? [from.path] : []));
  let plain: string | undefined;
  for (const path of file === undefined ? places : [resolve(io.cwd, file)]) {
    const bytes = await readKeys(path, file !== undefined);
    if (!bytes) continue;
    if (isArmored(keyText(bytes))) return about(path, () => openBackUp(call, bytes, visible(path)));
    plain ??= path;
    wipe(bytes);
  }
  if (plain === undefined)
    throw new Failure(exit.noDataKey, 'There is no key file under a pass phrase.', 'lockstep agent FILE names one.');
  throw new Failure(
    exit.generic,
    `${visible(plain)}: This key file has no pass phrase, so programs can read it without an agent.`,
    'lockstep backup makes a copy of it under a pass phrase.',
  );
}

async function readKeys(path: string, isNamed: boolean): Promise<Uint8Array | undefined> {
  const reading = about(path, () => readBytes(path, maxKeyFile), exit.cannotRead);
  return (await (isNamed ? reading : reading.catch(() => undefined)))?.bytes;
}
