import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FileContent } from '../../core/platform/disk.ts';
import { visible } from '../../core/tree/path.ts';
import { fileError, readBytesSync } from '../../node/files.ts';
import type { Call } from '../call.ts';
import { AboutFile, contradiction, exit, Failure } from '../failure.ts';
import { readPast, revisionOf } from './revision.ts';

/** What a verb works on. */
export interface Input {
  /** As a person named it, fit for a terminal. */
  readonly label: string;
  /** The file, absolute; undefined for standard input. */
  readonly path: string | undefined;
  /** The absolute name that decides on rules and format. */
  readonly name: string;
  readonly content: FileContent;
  /** The commit that it is taken from, shortened; undefined for what is on the disk. */
  readonly commit?: string;
}

/** Exit codes of a file that is not there: sops has one for most verbs, another where it reads without looking first. */
type Missing = typeof exit.noFile | typeof exit.cannotRead | typeof exit.generic;

/**
 * Reads the first operand, or standard input where there is none; with `--rev` as a commit has it. Throws Failure for flags that contradict
 * that, and for what a commit does not have, and AboutFile for what cannot be read.
 */
export async function readInput(call: Call, missing: Missing = exit.noFile): Promise<Input> {
  const { io, flags, args } = call;
  const override = flags.text('filename-override');
  const file = args[0];
  const revision = revisionOf(call);
  if (revision && flags.on('in-place')) throw contradiction('rev', 'in-place');
  if (file === undefined || file === '-') {
    if (revision) throw new Failure(exit.conflictingFlags, '--rev needs a file, and none is named.', 'Name the file.');
    if (flags.on('in-place')) throw inPlaceWithoutFile();
    const content = { bytes: await io.readStdin(), hash: '' };
    return { label: 'standard input', path: undefined, name: override ? resolve(io.cwd, override) : '', content };
  }
  const path = resolve(io.cwd, file);
  const name = override ? resolve(io.cwd, override) : path;
  if (revision) return { path, name, ...(await readPast(revision, file, path)) };
  return { label: visible(file), path, name, content: await readPath(call, file, missing) };
}

/** As `readInput`, for a verb that needs a file. Throws Failure with exit code 100 without one. */
export async function readFileOperand(call: Call, missing: Missing): Promise<Input & { readonly path: string }> {
  const input = await readInput({ ...call, args: [requireFile(call)] }, missing);
  if (input.path === undefined)
    throw new Failure(
      exit.noFile,
      'This verb needs a file, not standard input.',
      'Write it to a file first.',
      'Error: no file specified',
    );
  return { ...input, path: input.path };
}

export const inPlaceWithoutFile = () =>
  new Failure(
    exit.conflictingFlags,
    '--in-place needs a file, and none is named.',
    'Name the file, or leave --in-place out: the result then goes to standard output.',
    'Error: cannot use --in-place when reading from stdin',
  );

/** The name of the file. Throws Failure with exit code 100. */
export function requireFile({ args }: Pick<Call, 'args'>): string {
  if (args[0] === undefined)
    throw new Failure(exit.noFile, 'No file is named.', 'Write its name after the verb.', 'Error: no file specified');
  return args[0];
}

/** As `readAny`, of a file that a person named. Throws AboutFile. */
export async function readPath(call: Pick<Call, 'io'>, file: string, missing: Missing): Promise<FileContent> {
  try {
    return await readAny(call, resolve(call.io.cwd, file));
  } catch (error) {
    const known = fileError(error);
    throw new AboutFile(file, known, known.code === 'GONE' ? missing : exit.cannotRead);
  }
}

/** The bytes of a file, also of a device or of a pipe such as the shell's `<(…)`. Throws what reading throws. */
export async function readAny({ io }: Pick<Call, 'io'>, path: string): Promise<FileContent> {
  if (path === '/dev/stdin') return { bytes: await io.readStdin(), hash: '' };
  const found = statSync(path);
  // Not so for a pipe: signals are heard while it is waited for.
  if (found.isFile() || found.isDirectory()) return readBytesSync(path);
  return { bytes: await readFile(path), hash: '' };
}
