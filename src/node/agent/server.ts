import { createServer, type Socket } from 'node:net';
import { type AgentAnswer, type Answering, answerLine, readRequest, waitLine } from '../../core/agent/protocol.ts';
import { wipe } from '../../core/bytes.ts';
import type { AgentDoors, OpenDoor } from '../../core/platform/agentdoor.ts';
import { openKeyService } from '../keyservice/listen.ts';
import { Lines } from './lines.ts';
import { type Around, makeRuntimeFolder, maxNumber, nameOfFolder, socketPath } from './place.ts';
import { listenAt } from './socket.ts';
import { whoIs } from './who.ts';

/** Milliseconds for a program to say what it wants. */
const patience = 10_000;
/** Connections at once; more are turned away. */
const most = 512;

/** The doors of this machine. */
export function agentDoors(around: Around): AgentDoors {
  return {
    open: (folder, answer) => openDoor(around, nameOfFolder(folder), answer),
    folder: () => makeRuntimeFolder(around),
  };
}

/**
 * Listens at the first free socket of a name. Undefined where there is no place for one, or too many are taken. Throws what the system throws.
 * @param silence milliseconds for a program to say what it wants
 */
export async function openDoor(
  around: Around,
  name: string,
  answer: Answering,
  silence = patience,
): Promise<OpenDoor | undefined> {
  const folder = makeRuntimeFolder(around);
  if (folder === undefined) return undefined;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    void serve(socket, sockets.size > most ? async () => ({ code: 'BUSY' }) : answer, silence);
  });
  for (let number = 1; number <= maxNumber; number++) {
    const path = socketPath(around, folder, name, number);
    if (!(await listenAt(server, path))) continue;
    // A window that does nothing else may end.
    server.on('error', () => undefined);
    // On Windows Node has named pipes and sops has none.
    const beside = around.platform === 'win32' ? undefined : { path: path.replace(/\.sock$/, '.sops.sock') };
    const service = beside && (await openKeyService(beside, answer));
    return {
      path,
      keyService: service?.uri,
      close: () => {
        server.close();
        service?.close();
        // What was answered just now is on its way out.
        for (const socket of sockets) socket.end();
        setTimeout(() => sockets.forEach((socket) => void socket.destroy()), 200).unref();
      },
    };
  }
  return undefined;
}

/** Answers the requests of one connection, one after the other. */
async function serve(socket: Socket, answer: Answering, silence: number): Promise<void> {
  const lines = new Lines(socket);
  for (;;) {
    const found = await lines.next(silence);
    if (typeof found === 'string') {
      if (found === 'bad') socket.write(answerLine({ code: 'BAD_MESSAGE' }));
      // Whatever else it sends is not read.
      socket.destroySoon();
      return;
    }
    const request = readRequest(found.line);
    if (!request) {
      socket.write(answerLine({ code: 'BAD_MESSAGE' }));
      socket.destroySoon();
      return;
    }
    socket.write(waitLine);
    const given = await answer(request, await whoIs(socket, request.pid, request.forParent)).catch(
      (): AgentAnswer => ({ code: 'FAILED' }),
    );
    socket.write(answerLine(given));
    if ('keys' in given) for (const one of given.keys) if (one) wipe(one.key);
  }
}
