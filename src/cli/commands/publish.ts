import { resolve } from 'node:path';
import { visible } from '../../core/tree/path.ts';
import { sopsOnPath } from '../../node/keyservice/usersops.ts';
import { recordAccess } from '../access/record.ts';
import type { Call, Run } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { start, waitFor } from '../run/running.ts';

/** Set for the sops that is started: if that is Lockstep in a disguise, it must not start itself for ever. */
const begun = 'LOCKSTEP_PUBLISHES';

/**
 * Has the user's own sops publish a file, in its own words, with its own network and credentials: Lockstep has neither. sops says where it goes, and
 * asks.
 */
export const publish: Run = async (call) => {
  const { io, args } = call;
  const [path] = args;
  if (path === undefined || path === '')
    throw new Failure(
      exit.noFile,
      'No file is named.',
      'For example: lockstep publish secrets.yaml',
      'Error: no file specified',
    );
  const program = io.env[begun] === undefined ? sopsOnPath(io) : undefined;
  if (program === undefined)
    throw new Failure(
      exit.generic,
      'Lockstep does not publish by itself: it uses no network. It starts sops publish, and there is no sops on your PATH.',
      'Install sops, or hand the encrypted file to the tool of the cloud.',
    );
  io.writeStderr(
    `lockstep: ${visible(program)} publishes this. S3 and Google Cloud Storage get an encrypted file, Vault gets the values as plaintext.\n`,
  );
  recordAccess(call, {
    purpose: 'export',
    input: { path: resolve(io.cwd, path), name: path },
    to: `sops publish (${program})`,
  });
  const child = start(call, { program, args: wordsOf(call, path), verbatim: false }, { ...io.env, [begun]: '1' });
  return waitFor(io, child, program);
};

/** The flags again, as sops takes them. */
function wordsOf({ flags }: Call, path: string): string[] {
  const config = flags.text('config');
  const order = flags.text('decryption-order');
  const switches = (['yes', 'omit-extensions', 'recursive', 'verbose'] as const).filter((name) => flags.on(name));
  return [
    ...(config === undefined ? [] : ['--config', config]),
    'publish',
    ...switches.map((name) => `--${name}`),
    ...(order === undefined ? [] : ['--decryption-order', order]),
    ...flags.list('keyservice').flatMap((uri) => ['--keyservice', uri]),
    '--',
    path,
  ];
}
