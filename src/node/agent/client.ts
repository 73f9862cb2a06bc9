import { lstatSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { dirname } from 'node:path';
import {
  type AgentAnswer,
  type AgentCode,
  type AgentRequest,
  agentVariables,
  patience,
  readAnswer,
  requestLine,
} from '../../core/agent/protocol.ts';
import { Lines } from './lines.ts';
import { type Around, socketsFor } from './place.ts';

/** Where a program asks from. */
interface Asking extends Around {
  readonly cwd: string;
  /** The files that the keys are of, as far as they are known: the agent of their folder may be another one. */
  readonly files?: readonly string[];
}

/** Milliseconds: until a connection stands; until the agent says that the request arrived; until it has answered, when a person is asked. */
interface Limits {
  readonly connect: number;
  readonly first: number;
  readonly answer: number;
}
const usual: Limits = { connect: 2_000, first: 10_000, answer: patience + 10_000 };

/** By these codes of one agent another one may still know better. */
const passedOver: readonly AgentCode[] = [
  'NO_AGENT',
  'SILENT',
  'FOREIGN',
  'NOT_MINE',
  'LOCKED',
  'CLOSED',
  'UNTRUSTED',
  'FAILED',
];

/**
 * Asks the agents that may know: the one that LOCKSTEP_AGENT names, then those of the folders, one after the other until one has keys or
 * says no. Never throws and always ends: an agent that hangs is passed over.
 * @returns keys in the order of the request, the caller's to wipe; or a code, of the first agent that there is.
 */
export async function askAgent(
  request: Pick<AgentRequest, 'keys' | 'forParent'>,
  asking: Asking,
  limits: Limits = usual,
): Promise<AgentAnswer> {
  const named = asking.env[agentVariables.socket];
  const folders = [asking.cwd, ...(asking.files ?? []).map((file) => dirname(file))];
  const sockets = [...new Set([...(named ? [named] : []), ...socketsFor(asking, folders)])];
  const whole = { ...request, launch: asking.env[agentVariables.launch], pid: process.pid, cwd: asking.cwd };
  let first: AgentCode | undefined;
  for (const path of sockets) {
    const answer = isForeign(path, asking.platform) ?? (await askAt(path, whole, limits));
    if (!('code' in answer) || !passedOver.includes(answer.code)) return answer;
    if (answer.code !== 'NO_AGENT') first ??= answer.code;
  }
  return { code: first ?? 'NO_AGENT' };
}

/** A socket that anybody but this user can have made is not talked to. */
function isForeign(path: string, platform: NodeJS.Platform): { readonly code: AgentCode } | undefined {
  if (platform === 'win32') return undefined;
  const [socket, folder] = [path, dirname(path)].map((at) => lstatSync(at, { throwIfNoEntry: false }));
  if (!socket || !folder) return { code: 'NO_AGENT' };
  const own = process.getuid?.();
  const safe = socket.isSocket() && socket.uid === own && folder.uid === own && (folder.mode & 0o022) === 0;
  return safe ? undefined : { code: 'FOREIGN' };
}

async function askAt(path: string, request: AgentRequest, limits: Limits): Promise<AgentAnswer> {
  const socket = await connected(path, limits.connect);
  if (typeof socket === 'string') return { code: socket };
  try {
    const lines = new Lines(socket);
    socket.write(requestLine(request));
    const until = Date.now() + limits.answer;
    for (let heard = false; ; heard = true) {
      const found = await lines.next(heard ? until - Date.now() : limits.first);
      if (found === 'silent') return { code: 'SILENT' };
      if (found === 'closed') return { code: 'CLOSED' };
      const answer = found === 'bad' ? undefined : readAnswer(found.line, request.keys.length);
      if (answer === undefined) return { code: 'BAD_MESSAGE' };
      if (answer !== 'wait') return answer;
    }
  } finally {
    socket.destroy();
  }
}

function connected(path: string, milliseconds: number): Promise<Socket | 'NO_AGENT' | 'SILENT' | 'FOREIGN'> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const timer = setTimeout(() => {
      socket.destroy();
      resolve('SILENT');
    }, milliseconds);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    // Later ones are seen as the end of the lines.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(error.code === 'EACCES' || error.code === 'EPERM' ? 'FOREIGN' : 'NO_AGENT');
    });
  });
}
