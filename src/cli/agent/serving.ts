import { stat } from 'node:fs/promises';
import { Agent } from '../../core/agent/agent.ts';
import { KnownKeys } from '../../core/agent/known.ts';
import type { AgentClient } from '../../core/agent/protocol.ts';
import type { AgentQuestion, AgentReply } from '../../core/agent/questions.ts';
import type { Keyring } from '../../core/keys/keyring.ts';
import { maxSurveyed } from '../../core/survey/facts.ts';
import { visible } from '../../core/tree/path.ts';
import { readBytes } from '../../node/files.ts';
import { recordAccess } from '../access/record.ts';
import type { Call } from '../call.ts';
import { surveyFolder } from '../files/survey.ts';

/**
 * An agent without an editor: it knows the encrypted files below the folder that it was started in, and asks on the terminal. With `--yes`
 * it gives out keys of those files without a question, and no others.
 */
export function agentOver(call: Call, keyring: Keyring): Agent {
  const { io, flags } = call;
  const known = new KnownKeys({
    async all() {
      const { files } = await surveyFolder(call, io.cwd);
      return files.flatMap(({ path, facts }) => (facts.kind === 'encrypted' ? [path] : []));
    },
    async mark(path) {
      const found = await stat(path).catch(() => undefined);
      return found && `${found.mtimeMs} ${found.size} ${found.ino}`;
    },
    read: async (path) => ({ path, bytes: (await readBytes(path, maxSurveyed)).bytes }),
  });
  return new Agent({
    shut: () => undefined,
    find: (ids, first) => known.find(ids, first),
    keyring: () => keyring,
    ask: async (question) => {
      if (!flags.on('yes')) return replyOf(await io.ask(questionText(question)), question);
      return question.unknown > 0 ? 'no' : 'once';
    },
    record: (path, client) =>
      recordAccess(call, {
        purpose: 'answer',
        ...(path !== undefined && { input: { path, name: path } }),
        by: programText(client),
      }),
    now: () => io.clock.now().getTime(),
    later: (milliseconds, work) => {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
  });
}

function replyOf(answer: string | undefined, { mayRemember }: AgentQuestion): AgentReply {
  const letter = answer?.trim().toLowerCase();
  if (letter === 'o' || letter === 'y' || letter === 'yes') return 'once';
  if (letter === 's' && mayRemember) return 'session';
  return letter === 'v' && mayRemember ? 'never' : 'no';
}

function programText({ program, script, pid, parents }: AgentClient): string {
  if (program === undefined) return 'a program that cannot be identified';
  const parent = parents?.[0]?.program;
  return `${script ?? program} (process ${pid}${parent === undefined ? '' : `, started by ${parent}`})`;
}

/** Every part of it that comes from elsewhere is made fit for a terminal. */
function questionText({ client, files, unknown, mayRemember }: AgentQuestion): string {
  const where = client.cwd === undefined ? '' : ` in ${visible(client.cwd)}`;
  const wanted = [
    ...files.map((file) => visible(file)),
    ...(unknown > 0
      ? [unknown === 1 ? 'a file that is not below this folder' : `${unknown} files that are not below this folder`]
      : []),
  ];
  const choices = mayRemember ? 'o: once, s: until the agent ends, v: never, Enter: no' : 'o: once, Enter: no';
  return `lockstep: ${visible(programText(client))}${where} wants to decrypt:\n${wanted.map((one) => `  ${one}\n`).join('')}Allow it? (${choices}) `;
}
