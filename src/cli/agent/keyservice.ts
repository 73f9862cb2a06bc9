import { join, resolve } from 'node:path';
import { visible } from '../../core/tree/path.ts';
import { makeRuntimeFolder } from '../../node/agent/place.ts';
import { type KeyServicePlace, openKeyService } from '../../node/keyservice/listen.ts';
import type { Call, Run } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { answeringFrom } from './answering.ts';

/** Where sops listens when it is told nothing. */
const port = '127.0.0.1:5000';
const socketName = 'keyservice.sock';

/** `keyservice`: sops on this machine opens files with the keys that are found here, until this is ended. Throws Failure. */
export const keyservice: Run = async (call) => {
  const { io, flags } = call;
  const place = placeOf(call);
  if (flags.on('prompt') && !io.interactive)
    throw new Failure(
      exit.generic,
      'With --prompt you are asked, and there is no terminal.',
      'Start it in a terminal.',
    );
  if ('port' in place) await agreeToPort(call);
  const answer = answeringFrom(call, (program, recipient) => allows(call, program, recipient));
  const service = await openKeyService(place, answer).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      exit.generic,
      `Nothing can listen there (${error.code}).`,
      'Choose another place with --address.',
    );
  });
  if (!service)
    throw new Failure(
      exit.generic,
      'Something is at this address already.',
      'End it, or choose another one with --address.',
    );
  await io.writeStdout(`SOPS_KEYSERVICE=${service.uri}\n`);
  io.writeStderr('lockstep: Answers sops until you end it with Ctrl+C.\n');
  await ended(call);
  service.close();
  return 0;
};

const ended = ({ io }: Call) =>
  new Promise<void>((resolve) => {
    io.onSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], () => resolve());
  });

/** Throws Failure for a network or an address that is none, or that other machines could reach. */
function placeOf({ io, flags }: Call): KeyServicePlace {
  const network = flags.text('network') ?? (io.name === 'sops' || io.platform === 'win32' ? 'tcp' : 'unix');
  const address = flags.text('address');
  if (network === 'tcp') return portOf(address ?? port);
  if (network !== 'unix')
    throw new Failure(exit.generic, '--network is unix or tcp.', 'For example: lockstep keyservice --network unix');
  if (io.platform === 'win32')
    throw new Failure(
      exit.generic,
      'On Windows a key service cannot listen at a socket.',
      'Use --network tcp, which is open to every user of this machine, or the age plugin, which is not.',
    );
  if (address !== undefined) return { path: resolve(io.cwd, address) };
  const folder = makeRuntimeFolder(io);
  if (folder === undefined)
    throw new Failure(exit.generic, 'There is no private folder for the socket.', 'Name a path with --address.');
  return { path: join(folder, socketName) };
}

function portOf(address: string): KeyServicePlace {
  const [, host = '', number = ''] = /^(127(?:\.\d{1,3}){3}|localhost|\[::1\]):(\d{1,5})$/.exec(address) ?? [];
  if (host === '' || Number(number) > 65535)
    throw new Failure(
      exit.generic,
      'With --network tcp the address is one of this machine, with a port.',
      'For example: --address 127.0.0.1:5000. Lockstep opens no key service to other machines: it could not tell who asks.',
    );
  return { host: host.replace(/[[\]]/g, ''), port: Number(number) };
}

const meaning =
  'A port asks nobody who they are: while this runs, every program and every user of this machine can have files opened with your keys.';

/** A program that starts us as sops has asked for what sops does, and cannot answer. */
async function agreeToPort({ io, flags }: Call): Promise<void> {
  if (flags.on('yes') || io.name === 'sops') return io.writeStderr(`lockstep: ${meaning}\n`);
  if (!io.interactive)
    throw new Failure(
      exit.generic,
      meaning,
      `Use ${io.platform === 'win32' ? 'the age plugin' : '--network unix'}, or --yes if that is what you want. Nothing was started.`,
    );
  const said = await io.ask(`${meaning}\nStart it? (y/n): `);
  if (said?.trim().toLowerCase() !== 'y')
    throw new Failure(exit.generic, 'Nothing was started.', 'The age plugin needs no port.');
}

async function allows({ io, flags }: Call, program: string, recipient: string): Promise<boolean> {
  if (!flags.on('prompt')) return true;
  const said = await io.ask(
    `lockstep: ${program} wants a file opened with your key ${visible(recipient)}. Allow it? (y/n): `,
  );
  return said?.trim().toLowerCase() === 'y';
}
