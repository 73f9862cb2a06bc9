import { existsSync, mkdirSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { sameRecipient } from '../../core/age/sshkey.ts';
import { utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { fingerprintWords } from '../../core/people/fingerprint.ts';
import { writeRequest } from '../../core/people/request.ts';
import { publicMode } from '../../core/platform/disk.ts';
import { visible } from '../../core/tree/path.ts';
import { fileError, writeAtomically } from '../../node/files.ts';
import { workTreeOf } from '../../node/git.ts';
import type { OwnKey } from '../../node/identities.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { configPath } from '../files/rules.ts';
import { keyringOf } from '../keys/keyring.ts';
import { namesOf } from '../keys/names.ts';

/** A request for access with one's own public key: printed, or as a new file for a pull request. */
export const requestAccess: Run = async (call) => {
  const { io, flags } = call;
  const { recipient, label } = await ownKey(call);
  const name = flags.text('name') ?? (await namesOf(call)).get(recipient) ?? label ?? (await askName(call));
  const text = await about('The request', async () =>
    writeRequest({ name, recipient, file: await filePath(call) }, [
      'Whoever can read the files grants it: Lockstep: Grant Access in VS Code, or lockstep people grant.',
      'Before that they ask for the six words of the key, by voice. The words are not in this text on purpose.',
    ]),
  );
  const output = flags.text('output');
  if (output === undefined) await io.writeStdout(text);
  else await writeNew(resolve(io.cwd, output), output, text);
  const words = fingerprintWords(recipient).join(' ');
  io.writeStderr(
    `lockstep: The words of your key: ${words}\nRead them out when you are asked. Do not send them along.\n`,
  );
  return 0;
};

async function ownKey(call: Call): Promise<Pick<OwnKey, 'recipient' | 'label'>> {
  const own = await keyringOf(call).own();
  const wanted = call.flags.text('recipient');
  const found = wanted === undefined ? own : own.filter(({ recipient }) => sameRecipient(recipient, wanted));
  const [only] = found;
  if (only === undefined && own.length === 0) throw new LockstepError('NO_IDENTITY');
  if (only === undefined || found.length > 1)
    throw new Failure(
      exit.generic,
      only === undefined ? 'This is none of your public keys.' : `You have ${own.length} keys.`,
      'lockstep whoami lists them. Choose one with --recipient.',
    );
  return only;
}

async function askName({ io }: Call): Promise<string> {
  const name = io.interactive ? await io.ask('Your name, as colleagues know you: ') : undefined;
  if (name === undefined) throw new Failure(exit.generic, 'The request needs your name.', 'Give it with --name.');
  return name;
}

/** The path of the file that one wants to read, from the root of the repository, with slashes. */
async function filePath(call: Call): Promise<string | undefined> {
  const file = call.flags.text('file');
  if (file === undefined) return undefined;
  const path = resolve(call.io.cwd, file);
  const root = (await workTreeOf(path)) ?? dirname(configPath(call) ?? path);
  return relative(root, path).split(sep).join('/');
}

/** Nothing is written over: somebody else's request may have that name. */
async function writeNew(path: string, label: string, text: string): Promise<void> {
  if (existsSync(path))
    throw new Failure(exit.cannotWrite, `${visible(label)} is there already.`, 'Choose another name.');
  const write = async () => {
    mkdirSync(dirname(path), { recursive: true });
    await writeAtomically(path, utf8(text), undefined, { newMode: publicMode });
  };
  await about(label, () => write().catch((error) => Promise.reject(fileError(error))), exit.cannotWrite);
}
