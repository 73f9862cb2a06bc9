import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Beside } from '../../core/foreign/read/keyfiles.ts';
import { flowfileMasterKey } from '../../core/foreign/read/keyfiles.ts';
import { readForeign, type Source } from '../../core/foreign/read/source.ts';
import { type System, systems } from '../../core/foreign/read/systems.ts';
import { maxFileSize } from '../../core/format/encoding.ts';
import { visible } from '../../core/tree/path.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { readPath } from '../files/input.ts';
import { givenSecret } from '../tokens/secret.ts';

/** Reads the file that values come from, and asks for a key where somebody is there and values are without one. Throws AboutFile, Failure. */
export async function readSource(call: Call, file: string): Promise<Source> {
  const label = visible(file);
  const { bytes } = await readPath(call, file, exit.noFile);
  const from = systemOf(call);
  const beside = besideOf(call, file);
  const read = (keys: readonly string[]) =>
    about(label, () => readForeign({ name: resolve(call.io.cwd, file), bytes, from, keys, beside }));
  let keys = await keysOf(call);
  for (;;) {
    const found = await orWithoutKey(call, () => read(keys));
    const waiting = found?.found.filter(({ why }) => why === 'key' || why === 'wrong-key') ?? [];
    if (found && (waiting.length === 0 || !call.io.interactive)) return found;
    const question = found
      ? `Key or pass phrase for ${waiting.length === 1 ? '1 value' : `${waiting.length} values`} (empty: none): `
      : `Key or pass phrase of ${label}: `;
    const typed = await call.io.ask(question, true);
    if (!typed && found) return found;
    if (!typed) return read(keys);
    keys = [...keys, typed];
  }
}

/** Undefined for a file that is encrypted as a whole and waits for a key that a person can type. */
async function orWithoutKey({ io }: Call, read: () => Promise<Source>): Promise<Source | undefined> {
  try {
    return await read();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
    const waits = cause && 'code' in cause && (cause.code === 'FOREIGN_FILE' || cause.code === 'BAD_TOKEN_KEY');
    const isKey = waits && 'place' in cause && ['key', undefined].includes((cause.place as { what?: string }).what);
    if (isKey && io.interactive) return undefined;
    throw error;
  }
}

function systemOf({ flags }: Call): System | undefined {
  const text = flags.text('from');
  const found = systems.find((one) => one === text);
  if (text !== undefined && !found)
    throw new Failure(
      exit.generic,
      `--from takes one of ${systems.join(', ')}.`,
      'Without it, the file says what it is.',
    );
  return found;
}

/** The keys of `--key-env`, `--key-fd` and of every `--key-file`. */
async function keysOf(call: Call): Promise<readonly string[]> {
  const given = givenSecret(call);
  const files = await Promise.all(call.flags.list('key-file').map((file) => keyIn(call, file)));
  return [...(given === undefined ? [] : [given]), ...files];
}

/** A key file holds the key alone; Flowfile's store opens with the file beside it. */
async function keyIn(call: Call, file: string): Promise<string> {
  const text = Buffer.from((await readPath(call, file, exit.noFile)).bytes)
    .toString('utf8')
    .trim();
  const secret = /(?:^|[/\\])flowfile\.json\.enc$/.test(file) ? join(dirname(file), '.secret_key') : undefined;
  if (secret === undefined) return text;
  const key = Buffer.from((await readPath(call, secret, exit.noFile)).bytes).toString('utf8');
  return about(visible(file), () => flowfileMasterKey(text, key));
}

function besideOf({ io }: Call, file: string): Beside {
  const folder = dirname(resolve(io.cwd, file));
  const up = relative(folder, io.cwd);
  const isBelow = up !== '' && !isAbsolute(up) && up.split(sep).every((part) => part === '..');
  return {
    root: isBelow ? up.split(sep).join('/') : undefined,
    async read(path) {
      const there = join(folder, path);
      try {
        // A pipe or a device of this name would be waited for without end.
        const found = statSync(there);
        return found.isFile() && found.size <= maxFileSize ? await readFile(there) : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
