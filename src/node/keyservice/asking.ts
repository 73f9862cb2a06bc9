import { fileURLToPath } from 'node:url';
import { type ChannelOptions, Client, connectivityState, credentials, type ServiceError, status } from '@grpc/grpc-js';
import type { Word } from '../../core/errors.ts';
import type { StopSignal } from '../../core/platform/keyservices.ts';
import { readAnswer } from './messages.ts';
import type { Answered } from './port.ts';

/** Milliseconds until somebody has to have accepted the connection. */
const toConnect = 10_000;

/** A wrapped key has some hundred bytes, and what we ask for is no longer than that. */
const options: ChannelOptions = {
  'grpc.max_receive_message_length': 128 * 1024,
  // The data key goes to the place that the user named, once, and by no other way.
  'grpc.enable_http_proxy': 0,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_channelz': 0,
};

/**
 * Asks a key service of SOPS (keyservice/keyservice.proto): one request on a connection of its own. Never throws.
 * @param uri `unix:///path` or `tcp://host:port`. @param request of `writeRequest`. @param wait milliseconds for the answer
 */
export async function askService(
  uri: string,
  method: 'Encrypt' | 'Decrypt',
  request: Buffer,
  wait: number,
  signal: StopSignal | undefined,
): Promise<Answered> {
  const target = targetOf(uri);
  if (target === undefined) return { what: 'unreachable' };
  if (signal?.aborted) return { what: 'stopped' };
  const client = new Client(target, credentials.createInsecure(), options);
  let stop: () => void = () => undefined;
  const stopped = new Promise<Answered>((resolve) => {
    stop = () => resolve({ what: 'stopped' });
    signal?.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([stopped, asked(client, method, request, wait)]);
  } finally {
    signal?.removeEventListener('abort', stop);
    client.close();
  }
}

async function asked(client: Client, method: string, request: Buffer, wait: number): Promise<Answered> {
  if (!(await connects(client, Date.now() + Math.min(toConnect, wait)))) return { what: 'unreachable' };
  const same = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    const done = (error: ServiceError | null, answer?: Buffer) => resolve(error ? refusal(error) : bytesOf(answer));
    client.makeUnaryRequest(`/KeyService/${method}`, same, same, request, { deadline: Date.now() + wait }, done);
  });
}

/** Resolves to false as soon as every address of the place has refused: the library would try again until the time is over. */
function connects(client: Client, until: number): Promise<boolean> {
  const { IDLE, READY, CONNECTING } = connectivityState;
  const channel = client.getChannel();
  return new Promise((resolve) => {
    const look = (late?: Error) => {
      const state = channel.getConnectivityState(true);
      if (late || (state !== IDLE && state !== CONNECTING)) resolve(!late && state === READY);
      else channel.watchConnectivityState(state, until, look);
    };
    look();
  });
}

function bytesOf(answer: Buffer | undefined): Answered {
  try {
    return Uint8Array.from(readAnswer(answer ?? new Uint8Array()));
  } catch {
    return { what: 'answer' };
  } finally {
    answer?.fill(0);
  }
}

/** The words of the service, and none of our own library. */
function refusal({ code, details }: ServiceError): Answered {
  const what = whatOf(code);
  return what === 'failed' || what === 'denied' || what === 'unsupported' ? { what, text: details } : { what };
}

function whatOf(code: status): Word<'KEY_SERVICE'> {
  switch (code) {
    case status.PERMISSION_DENIED:
    case status.UNAUTHENTICATED:
      return 'denied';
    case status.DEADLINE_EXCEEDED:
      return 'silent';
    case status.UNAVAILABLE:
    case status.CANCELLED:
      return 'ended';
    case status.NOT_FOUND:
    case status.UNIMPLEMENTED:
      return 'unsupported';
    case status.INTERNAL:
    case status.RESOURCE_EXHAUSTED:
      return 'answer';
    default:
      return 'failed';
  }
}

/** What gRPC's library calls the place; undefined for one of another kind. */
function targetOf(uri: string): string | undefined {
  try {
    if (/^unix:\/(?!\/[^/])/.test(uri)) return `unix:${fileURLToPath(`file://${uri.replace(/^unix:(\/\/)?/, '')}`)}`;
    const { protocol, hostname, port } = new URL(uri.replace(/^tcp:/, 'http:'));
    return /^tcp:/.test(uri) && protocol === 'http:' && hostname ? `dns:${hostname}:${port || 80}` : undefined;
  } catch {
    return undefined;
  }
}
