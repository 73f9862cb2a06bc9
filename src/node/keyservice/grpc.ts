import type { Duplex } from 'node:stream';
import {
  type handleUnaryCall,
  logVerbosity,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type sendUnaryData,
  setLogVerbosity,
  status,
} from '@grpc/grpc-js';
import { type KeyRequest, readRequest, writeAnswer } from './messages.ts';
import type { KeyServicePort, Refused } from './port.ts';

const statuses: Readonly<Record<Refused['why'], status>> = {
  denied: status.PERMISSION_DENIED,
  unavailable: status.UNAVAILABLE,
  unsupported: status.UNIMPLEMENTED,
  wrong: status.INVALID_ARGUMENT,
};

/** Wrapped keys have some hundred bytes, those of post-quantum keys 2,500. */
const longest = 128 * 1024;

/** The other end, in the same bundle. */
export { askService } from './asking.ts';

// It would write to standard error what a program should be told by itself.
setLogVerbosity(logVerbosity.NONE);

/**
 * Speaks SOPS's key-service protocol (gRPC) on a connection that somebody accepted, until either side closes it.
 * @param idle milliseconds after which a client that says nothing is sent away; sops comes back when it needs another key.
 */
export function serveKeys(connection: Duplex, port: KeyServicePort, idle: number): void {
  const server = new Server({
    'grpc.max_connection_idle_ms': idle,
    'grpc.max_receive_message_length': longest,
    'grpc.max_concurrent_streams': 100,
    'grpc.enable_channelz': 0,
  });
  server.addService(
    { Decrypt: method('Decrypt'), Encrypt: method('Encrypt') },
    {
      Decrypt: answering((request) => port.decrypt(request)),
      Encrypt: answering((request) => port.encrypt(request)),
    },
  );
  connection.once('close', () => server.forceShutdown());
  server.createConnectionInjector(ServerCredentials.createInsecure()).injectConnection(connection);
}

/** Without one for what is no request. */
interface Parsed {
  readonly request?: KeyRequest;
}

const method = (name: string): MethodDefinition<Parsed, Uint8Array> => ({
  path: `/KeyService/${name}`,
  requestStream: false,
  responseStream: false,
  requestSerialize: () => Buffer.alloc(0),
  requestDeserialize: parsed,
  responseSerialize(answer) {
    const bytes = writeAnswer(answer);
    answer.fill(0);
    return bytes;
  },
  responseDeserialize: (bytes) => bytes,
});

/** The library's own answer to what is no message would repeat what is wrong with it. */
function parsed(message: Buffer): Parsed {
  try {
    return { request: readRequest(message) };
  } catch {
    return {};
  }
}

type Answer = (request: KeyRequest) => Promise<Uint8Array | Refused>;

function answering(answer: Answer): handleUnaryCall<Parsed, Uint8Array> {
  return (call, done) => {
    const { request } = call.request;
    if (!request) return refuse(done, { why: 'wrong', text: 'This is no request of SOPS.' });
    answer(request).then(
      (result) => (result instanceof Uint8Array ? done(null, result) : refuse(done, result)),
      () => refuse(done, { why: 'unavailable', text: 'Lockstep failed, which should not happen.' }),
    );
  };
}

function refuse(done: sendUnaryData<Uint8Array>, { why, text }: Refused): void {
  done({ code: statuses[why], details: text });
}
