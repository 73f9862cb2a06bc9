import { serveIdentities, type Unwrapped } from '../../core/age/plugin/serve.ts';
import type { Command } from '../../core/age/plugin/stanzas.ts';
import { isAgentIdentity } from '../../core/agent/identity.ts';
import { LockstepError } from '../../core/errors.ts';
import { askAgent } from '../../node/agent/client.ts';
import { folderOf } from '../../node/keyservice/folder.ts';
import { agentText } from '../../node/keyservice/words.ts';
import { recordAccess } from '../access/record.ts';
import { exit, Failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { keyringOf } from '../keys/keyring.ts';
import { pluginFlag } from '../name.ts';

const machine = 'identity-v1';

/**
 * The age plugin: opens age files with the keys that Lockstep holds in another process. It gets no private key, only the keys of the files
 * that it was asked for. Throws Failure for a state machine that it has not: it makes no keys, so nothing is encrypted for it.
 */
export async function agePlugin(io: Io, [word = '']: readonly string[]): Promise<number> {
  if (word !== pluginFlag + machine)
    throw new Failure(
      exit.generic,
      `Lockstep's age plugin speaks ${machine} only.`,
      'Encrypt for an age1… public key; the plugin opens what is encrypted for it.',
    );
  const pieces = io.stdinPieces()[Symbol.asyncIterator]();
  const client = {
    send: (text: string) => io.writeStdout(text),
    receive: async () => {
      const { value, done } = await pieces.next();
      return done ? undefined : Buffer.from(value).toString('latin1');
    },
  };
  return (await serveIdentities(client, judge, (stanzas) => opened(io, stanzas))) ? 0 : exit.generic;
}

const judge = (text: string) =>
  isAgentIdentity(text)
    ? undefined
    : 'This identity is of a newer Lockstep, or was cut. Install the newest, or copy the identity again.';

/** The keys at hand come first, as for every verb: who has one is asked nothing. */
async function opened(io: Io, stanzas: readonly Command[]): Promise<Unwrapped> {
  for (const opener of await keyringOf({ io }).openers()) {
    const fileKey = await opener.fileKey?.(stanzas).catch(passOver);
    if (!fileKey) continue;
    recordAccess({ io }, { purpose: 'answer', key: opener.recipient, to: 'a program that has age built in' });
    return { fileKey };
  }
  // Programs start a plugin in a folder of temporary files.
  const cwd = (await folderOf(process.ppid, io.platform)) ?? io.cwd;
  const answer = await askAgent({ keys: [{ stanzas }], forParent: true }, { env: io.env, platform: io.platform, cwd });
  if ('code' in answer) return answer.code === 'NOT_MINE' ? undefined : { error: agentText(answer.code) };
  const [found] = answer.keys;
  return found && { fileKey: found.key };
}

/** What is broken for one key may open with another one. */
function passOver(error: unknown): undefined {
  if (!(error instanceof LockstepError)) throw error;
}
