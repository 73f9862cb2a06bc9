import { randomBytes } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { publicMode } from '../../core/platform/disk.ts';
import { fileError, writeAtomically } from '../../node/files.ts';
import type { Call } from '../call.ts';
import { about, contradiction, exit, Failure } from '../failure.ts';
import { cutOff, isReaderGone } from './cut.ts';
import type { Input } from './input.ts';

/** Throws Failure when a result would have to go to two places. */
export function checkTarget({ flags }: Call): void {
  if (flags.on('in-place') && flags.text('output'))
    throw contradiction('output', 'in-place', 'Error: cannot operate on both --output and --in-place');
}

/**
 * Writes a verb's result where its flags say: into the file itself, into another, or to standard output.
 * @param secret it is plaintext: a new file is for its owner only.
 */
export async function writeResult(call: Call, input: Input, bytes: Uint8Array, secret: boolean): Promise<void> {
  const { io, flags } = call;
  const output = flags.text('output');
  if (flags.on('in-place') && input.path !== undefined) await replace(input, bytes, secret);
  else if (output) await writeOther(output, resolve(io.cwd, output), bytes, secret);
  else await io.writeStdout(bytes);
}

/** Puts new bytes in a file's place, unless it changed since it was read. `clear`: they are plaintext. Throws AboutFile. */
export function replace({ label, path, content }: Input, bytes: Uint8Array, clear = false): Promise<void> {
  return writing(label, () => writeAtomically(path ?? '', bytes, content.hash || undefined, { clear }));
}

/**
 * As `replace`, for text that a person would have to type again: if the file cannot be replaced, its encrypted text goes
 * beside it. Throws Failure, which says where.
 */
export async function replaceOrKeep(input: Input & { readonly path: string }, bytes: Uint8Array): Promise<void> {
  try {
    await replace(input, bytes);
  } catch (error) {
    const { name, ext, dir } = parse(input.path);
    const beside = `${name}.edited-${randomBytes(3).toString('hex')}${ext}`;
    const kept = await writeAtomically(join(dir, beside), bytes).then(
      () => true,
      () => false,
    );
    if (!kept) throw error;
    throw new Failure(
      exit.cannotWrite,
      `${input.label}: The file changed meanwhile or cannot be written.`,
      `What you edited is beside it, encrypted: ${beside}`,
    );
  }
}

/** Writes plaintext into a file; a new one is for its owner alone. Throws AboutFile. */
export const writeSecret = (label: string, path: string, bytes: Uint8Array) => writeOther(label, path, bytes, true);

/** Writes a file that is not the one that was read; a device or a pipe is written as it stands. */
function writeOther(label: string, path: string, bytes: Uint8Array, secret: boolean): Promise<void> {
  return writing(label, async () => {
    const found = await stat(path).catch(() => undefined);
    if (found && !found.isFile() && !found.isDirectory())
      await writeFile(path, bytes).catch((error) => {
        throw cutOff(label, error);
      });
    else await writeAtomically(path, bytes, undefined, { newMode: secret ? 0o600 : publicMode, clear: secret });
  });
}

/** Does `work`, which writes; what the file system throws becomes an error about `label` with exit code 3. */
export function writing<T>(label: string, work: () => Promise<T>): Promise<T> {
  return about(
    label,
    async () => {
      try {
        return await work();
      } catch (error) {
        throw error instanceof Failure || isReaderGone(error) ? error : fileError(error);
      }
    },
    exit.cannotWrite,
  );
}
