import { basename } from 'node:path';
import type { AgentAnswer, AgentClient, Answering, OpenedKey, WantedKey } from '../../core/agent/protocol.ts';
import { wipe } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Opener } from '../../core/keys/opener.ts';
import type { WrappedKey } from '../../core/sops/masterkey.ts';
import { visible } from '../../core/tree/path.ts';
import { recordAccess } from '../access/record.ts';
import type { Call } from '../call.ts';
import { keyringOf } from '../keys/keyring.ts';

/** Milliseconds for a pass phrase or an answer: the program that asked would wait for ever. */
const patience = 60_000;

/**
 * Answers from the keys that the command line finds, one request after the other: whoever is asked has one terminal.
 * @param allows asks about a key before it is given.
 */
export function answeringFrom(call: Call, allows: (program: string, recipient: string) => Promise<boolean>): Answering {
  let last: Promise<unknown> = Promise.resolve();
  const answer = async (keys: readonly WantedKey[], client: AgentClient): Promise<AgentAnswer> => {
    const found: (OpenedKey | undefined)[] = [];
    for (const key of keys) found.push(await openedOf(call, key));
    const opened = found.filter((one) => one !== undefined);
    const program = programOf(client);
    for (const { recipient } of opened) {
      if (await allows(program, recipient)) continue;
      for (const { key } of opened) wipe(key);
      return { code: 'DENIED' };
    }
    for (const { recipient } of opened) recordAccess(call, { purpose: 'answer', key: recipient, to: program });
    return { keys: found };
  };
  return ({ keys }, client) => {
    const turn = last.then(() => answer(keys, client)).catch((): AgentAnswer => ({ code: 'FAILED' }));
    last = Promise.race([turn, later()]);
    return Promise.race([turn, later().then((): AgentAnswer => ({ code: 'NO_ANSWER' }))]);
  };
}

const later = () =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, patience).unref();
  });

async function openedOf(call: Call, wanted: WantedKey): Promise<OpenedKey | undefined> {
  if (!('enc' in wanted)) return undefined;
  const wrapped: WrappedKey = { kind: 'age', name: wanted.recipient ?? '', enc: wanted.enc };
  const keyring = keyringOf(call);
  const attempt = async (opener: Opener): Promise<OpenedKey | undefined> => {
    const key = await opener.unwrap(wrapped).catch((error) => {
      if (!(error instanceof LockstepError)) throw error;
      return undefined;
    });
    return key && { key, recipient: opener.recipient };
  };
  for (const opener of await keyring.openers()) {
    const found = await attempt(opener);
    if (found) return found;
  }
  for await (const opener of keyring.asked([wrapped])) {
    const found = await attempt(opener);
    if (found) return found;
  }
  return undefined;
}

/** What is known of a program, for a question and the access log. */
function programOf({ program, script, pid }: AgentClient): string {
  if (program === undefined) return 'a program';
  const names = [program, script].flatMap((path) => (path === undefined ? [] : [basename(path)]));
  return visible(`${names.join(' ')}${pid === undefined ? '' : ` (process ${pid})`}`);
}
