import { type MethodDefinition, Server, ServerCredentials, type status } from '@grpc/grpc-js';
import { fieldsOf } from '../../../src/node/keyservice/messages.ts';
import { field } from './request.ts';

export type Answer = (
  method: string,
  request: Buffer,
) => Buffer | { readonly code: status; readonly details: string } | 'nothing';

/** What a good service does: it writes the key down backwards. */
export const backwards: Answer = (method, request) => {
  const bytes = Buffer.from(fieldsOf(request).find(({ number }) => number === 2)?.bytes ?? []);
  if (method === 'Encrypt') return field(1, Buffer.from(bytes.reverse()).toString('base64'));
  return field(1, Buffer.from(bytes.toString(), 'base64').reverse());
};

/** A key service of SOPS that answers as it is told. @param place the path of its socket, or `tcp` for a port of this machine */
export async function startService(answer: Answer, place: string): Promise<{ uri: string; close: () => void }> {
  const same = (bytes: Buffer) => bytes;
  const method = (name: string): MethodDefinition<Buffer, Buffer> => ({
    path: `/KeyService/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  });
  const answers =
    (name: string) => (call: { request: Buffer }, done: (error: object | null, answer?: Buffer) => void) => {
      const given = answer(name, call.request);
      if (given === 'nothing') return;
      if (Buffer.isBuffer(given)) done(null, given);
      else done(given);
    };
  const server = new Server();
  server.addService({ Encrypt: method('Encrypt'), Decrypt: method('Decrypt') }, {
    Encrypt: answers('Encrypt'),
    Decrypt: answers('Decrypt'),
  } as never);
  const at = place === 'tcp' ? '127.0.0.1:0' : `unix:${place}`;
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(at, ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))),
  );
  return {
    uri: place === 'tcp' ? `tcp://127.0.0.1:${port}` : `unix://${place}`,
    close: () => server.forceShutdown(),
  };
}
