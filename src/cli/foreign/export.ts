import { chmod, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { utf8, wipe } from '../../core/bytes.ts';
import { isSecretName } from '../../core/foreign/write/data.ts';
import { isTargetName, leavesAs, type TargetName, targetNames } from '../../core/foreign/write/names.ts';
import type { Outgoing, WriteOptions } from '../../core/foreign/write/target.ts';
import { exportText, problemsOf } from '../../core/foreign/write/write.ts';
import { isDotenvxKey, sealDotenvx } from '../../core/tokens/dotenvx.ts';
import { tokenFormats } from '../../core/tokens/formats.ts';
import { visible } from '../../core/tree/path.ts';
import { readBytes } from '../../node/files.ts';
import { isIgnored, isTracked } from '../../node/git.ts';
import { recordAccess } from '../access/record.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { writeSecret } from '../files/output.ts';
import { isEncryptedFile } from '../files/sealed.ts';
import { takeSecrets } from '../run/given.ts';
import { pairsOf } from '../run/pairs.ts';
import type { Given, Source } from '../run/sources.ts';
import { askedSecret, givenSecret, secretNames } from '../tokens/secret.ts';
import { problemAdvice, problemLines } from '../words/exportwords.ts';

/** Secrets as another system reads them. Everything is checked before anything is written. */
export const exportSecrets: Run = async (call) => {
  const format = formatOf(call);
  await refuseOverEncrypted(call);
  const options = await optionsOf(call, format);
  const { wishes, renames } = pairsOf(call.flags);
  const { sources, given } = await takeSecrets(call, wishes, renames, {
    operands: call.args,
    // Anvil has a place of its own for them.
    keysToo: format === 'anvil' || call.flags.on('encryption-keys'),
  });
  refuse(call, format, given);
  const bytes = utf8(await exportText(format, given, options));
  try {
    record(call, format, sources, given);
    await write(call, format, bytes);
  } finally {
    wipe(bytes);
  }
  return 0;
};

function formatOf({ flags }: Call): TargetName {
  const format = flags.text('format');
  if (format !== undefined && isTargetName(format)) return format;
  throw new Failure(
    exit.generic,
    format === undefined ? 'No format is named.' : `There is no format ${visible(format)}.`,
    `Write --format and one of ${targetNames.join(', ')}.`,
  );
}

/** What the target has to be told, keys too: all of it before a file is opened. Throws Failure, AboutFile. */
async function optionsOf(call: Call, format: TargetName): Promise<WriteOptions> {
  const { flags, io } = call;
  const name = flags.text('name');
  if (name !== undefined && !(format === 'kubernetes' && isSecretName(name)))
    throw new Failure(
      exit.generic,
      '--name is the name of a Kubernetes Secret.',
      'Use small letters, digits, - and dots: lockstep export --format kubernetes --name app-secrets',
    );
  if (format === 'flet' || format === 'fernet') {
    const secret = givenSecret(call) ?? (await askedSecret(call, secretNames[format], format === 'flet'));
    const seal = (value: string) => tokenSeal(format, value, secret, io.clock.now());
    // Whether it is a key at all.
    await about('the key', () => seal(''));
    return { seal };
  }
  if (format !== 'dotenvx') return { name };
  const publicKey = flags.text('recipient')?.trim() ?? '';
  if (!isDotenvxKey(publicKey))
    throw new Failure(
      exit.generic,
      'dotenvx needs the public key to encrypt for.',
      'It is in the .env, as DOTENV_PUBLIC_KEY: --recipient 03ab…, 66 signs.',
    );
  return { publicKey, seal: (value) => sealDotenvx(utf8(value), publicKey) };
}

async function tokenSeal(format: 'flet' | 'fernet', value: string, secret: string, now: Date): Promise<string> {
  return tokenFormats[format].seal?.(utf8(value), secret, { now, user: 1 }) ?? '';
}

function refuse({ io }: Call, format: TargetName, given: readonly Outgoing[]): void {
  const problems = problemsOf(format, given);
  if (problems.length === 0) return;
  io.writeStderr(`lockstep: ${format} cannot hold:\n${problemLines(problems)}`);
  const all = problems.length === 1 ? 'One entry' : `${problems.length} entries`;
  throw new Failure(exit.cannotEmit, `${all} of ${given.length} cannot be exported.`, problemAdvice(format));
}

function record(call: Call, format: TargetName, sources: readonly Source[], given: readonly Given[]): void {
  if (leavesAs(format) === 'names') return;
  const output = call.flags.text('output');
  for (const from of sources) {
    const names = given.filter((one) => one.from === from).map(({ name }) => name);
    if (names.length === 0) continue;
    const to = `${format}, ${output === undefined ? 'standard output' : resolve(call.io.cwd, output)}`;
    recordAccess(call, { purpose: 'export', input: { path: from.path, name: from.path }, key: names.join(', '), to });
  }
}

/** What is exported in the place of an encrypted file would be the end of what only that file has. Throws Failure, AboutFile. */
async function refuseOverEncrypted({ flags, io }: Call): Promise<void> {
  const output = flags.text('output');
  if (output === undefined || output === '-') return;
  const path = resolve(io.cwd, output);
  if (!(await stat(path).catch(() => undefined))?.isFile()) return;
  const there = await about(visible(output), () => readBytes(path), exit.cannotRead);
  if (!isEncryptedFile(path, there.bytes)) return;
  throw new Failure(
    exit.cannotWrite,
    `${visible(output)} is an encrypted file, and would be lost.`,
    'Nothing was written. Give -o another name.',
  );
}

/** To standard output, or into a file for its owner alone. */
async function write(call: Call, format: TargetName, bytes: Uint8Array): Promise<void> {
  const { io, flags } = call;
  const output = flags.text('output');
  if (output === undefined || output === '-') return io.writeStdout(bytes);
  const path = resolve(io.cwd, output);
  const there = await stat(path).catch(() => undefined);
  // Before the values are in it, not after.
  if (there?.isFile() && (there.mode & 0o077) !== 0) await chmod(path, 0o600).catch(() => undefined);
  await writeSecret(visible(output), path, bytes);
  if (leavesAs(format) !== 'plain') return;
  const inGit = (await isTracked(path).catch(() => undefined)) !== undefined;
  if (inGit && (await isIgnored(path)) === false)
    io.writeStderr(
      `lockstep: ${visible(output)}: This is in a git repository, and git does not ignore it. Do not commit it: it holds the values.\n`,
    );
}
