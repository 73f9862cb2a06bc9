import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { pathToFileURL } from 'node:url';
import type { Answering } from '../../core/agent/protocol.ts';
import { listenAt } from '../agent/socket.ts';
import { whoIs } from '../agent/who.ts';
import { keyServicePort } from './answers.ts';

/** A socket of this user alone, or a port of this machine that every program on it can connect to. */
export type KeyServicePlace = { readonly path: string } | { readonly host: string; readonly port: number };

export interface OpenKeyService {
  /** What SOPS_KEYSERVICE takes. */
  readonly uri: string;
  /** Takes the place away. What was asked there is answered before, by whoever answers. */
  close(): void;
}

/** Milliseconds that a client may say nothing. */
const patience = 60_000;
/** And until a connection is cut when all is over. */
const grace = 200;
/** More programs than that do not run at once; what connects and says nothing does not pile up. */
const maxConnections = 500;

/**
 * Answers SOPS's key service at a place. Undefined where somebody listens there already, or something else is there. Throws what the system
 * throws.
 */
export async function openKeyService(
  place: KeyServicePlace,
  answering: Answering,
  idle = patience,
): Promise<OpenKeyService | undefined> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // A client that is gone; its connection closes.
    socket.on('error', () => undefined);
    answerAt(socket, answering, idle).catch(() => socket.destroy());
  });
  server.maxConnections = maxConnections;
  if (!(await ('path' in place ? listenAt(server, place.path) : listenOn(server, place)))) return undefined;
  // Too many open files, for one: the next connection may do.
  server.on('error', () => undefined);
  return {
    uri: uriOf(place, server),
    close() {
      server.close();
      // What was answered just now is on its way out.
      setTimeout(() => open.forEach((socket) => void socket.destroy()), grace).unref();
    },
  };
}

async function answerAt(socket: Socket, answering: Answering, idle: number): Promise<void> {
  // Beside the process that is asked: what it takes to find out is not in the way of those who need no key of ours.
  const client = whoIs(socket).catch(() => ({}));
  const { serveKeys } = await import('./grpc.ts');
  if (!socket.destroyed) serveKeys(socket, keyServicePort(answering, client), idle);
}

function listenOn(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen({ host, port }, () => resolve(true));
  });
}

function uriOf(place: KeyServicePlace, server: Server): string {
  // sops takes a list, whose commas separate.
  if ('path' in place) return `unix://${pathToFileURL(place.path).pathname.replaceAll(',', '%2C')}`;
  const { address, port, family } = server.address() as AddressInfo;
  return `tcp://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
