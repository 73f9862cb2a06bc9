import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { keyText } from '../core/age/armored.ts';
import { wipe } from '../core/bytes.ts';
import type { Environment } from '../core/env/environment.ts';
import { LockstepError } from '../core/errors.ts';
import {
  isPlace,
  type KeyOffer,
  type KeyPlace,
  type KeySpot,
  type KeyVariable,
  keyVariables,
} from '../core/platform/keyplaces.ts';
import { fileError } from './files.ts';

/** Everywhere that sops looks, in its order (age/keysource.go). */
export function keySpots(env: Environment, home: string, platform: NodeJS.Platform): readonly KeySpot[] {
  const variable = (name: KeyVariable, kind: KeyPlace['kind'], place: (value: string) => Place): KeySpot => {
    const value = env[name];
    return value
      ? { variable: name, kind, ...place(value) }
      : { variable: name, from: value === '' ? 'empty' : 'unset' };
  };
  const file = (kind: KeyPlace['kind'], name: KeyVariable) =>
    variable(name, kind, (path) =>
      /AGE-(?:SECRET-KEY|PLUGIN)-|-----BEGIN /i.test(path)
        ? { source: name, from: { misplaced: true } }
        : { source: path, from: { path, named: true } },
    );
  const command = (name: KeyVariable, kind: KeyPlace['kind']) =>
    variable(name, kind, () => ({ source: name, from: { command: true } }));
  const usual = (kind: KeyPlace['kind'], path: string): KeyPlace => ({
    source: path,
    kind,
    from: { path, named: false },
  });
  const standard = standardKeyFile(env, home, platform);
  return [
    file('ssh-key', 'SOPS_AGE_SSH_PRIVATE_KEY_FILE'),
    command('SOPS_AGE_SSH_PRIVATE_KEY_CMD', 'ssh-key'),
    ...sshKeyFiles(home, platform).map((path) => usual('ssh-key', path)),
    variable('SOPS_AGE_KEY', 'key-file', () => ({ source: 'SOPS_AGE_KEY', from: { text: true } })),
    file('key-file', 'SOPS_AGE_KEY_FILE'),
    command('SOPS_AGE_KEY_CMD', 'key-file'),
    standard
      ? usual('key-file', standard)
      : { from: platform !== 'win32' && env.XDG_CONFIG_HOME ? 'relative' : 'homeless' },
  ];
}

type Place = Pick<KeyPlace, 'source' | 'from'>;

/** The places where sops looks, in its order. Variables that are empty count as unset. */
export function keyPlaces(env: Environment, home: string, platform: NodeJS.Platform): readonly KeyPlace[] {
  return keySpots(env, home, platform).filter(isPlace);
}

/** Variables that look as if they were meant to lead to a key, and that nobody reads: a slip of the pen. */
export function strayVariables(env: Environment): string[] {
  const read = [...keyVariables, 'SOPS_AGE_RECIPIENTS', 'SOPS_AGE_RECIPIENT'] as readonly string[];
  const alike = /^(?:SOPS_)?AGE_.*(?:KEY|IDENTIT)|^SOPS_AGE_|^SOPS_KEY(?:_FILE)?$/;
  return Object.keys(env)
    .filter((name) => env[name] && alike.test(name) && !read.includes(name))
    .sort();
}

const pathOf = (platform: NodeJS.Platform) => (platform === 'win32' ? win32 : posix);

/** Where SSH keeps the keys of a person that sops tries, whether they are there or not. */
function sshKeyFiles(home: string, platform: NodeJS.Platform): readonly string[] {
  return home ? ['id_ed25519', 'id_rsa'].map((name) => pathOf(platform).join(home, '.ssh', name)) : [];
}

/** The standard key file's path; undefined where the environment does not say. */
export function standardKeyFile(env: Environment, home: string, platform: NodeJS.Platform): string | undefined {
  const folder = configFolder(env, home, platform);
  return folder ? pathOf(platform).join(folder, 'sops', 'age', 'keys.txt') : undefined;
}

/** Go's `os.UserConfigDir`, with sops's exception for macOS. */
function configFolder(env: Environment, home: string, platform: NodeJS.Platform): string | undefined {
  if (platform === 'win32') return env.AppData || env.APPDATA;
  const xdg = env.XDG_CONFIG_HOME;
  if (platform === 'darwin') return xdg || (home && posix.join(home, 'Library', 'Application Support'));
  if (xdg) return posix.isAbsolute(xdg) ? xdg : undefined;
  return home && posix.join(home, '.config');
}

/** sops's own limit for key files. */
const maxKeyFile = 16 * 1024 * 1024;

/**
 * The text of a key file, as `keyText` makes it; a pipe will do. Undefined when it is not there or empty. Throws TOO_LARGE
 * over 16 MiB, NOT_UTF8, and what reading a file can throw.
 */
export async function readKeyFile(path: string): Promise<string | undefined> {
  const bytes = await readAll(path).catch((error) => {
    const known = fileError(error);
    if (known.code === 'GONE') return undefined;
    throw known;
  });
  if (!bytes?.length) return undefined;
  try {
    return keyText(bytes);
  } finally {
    wipe(bytes);
  }
}

/** Undefined when it is not there. A thread takes longer than to look for what mostly is not there, and to read what is small. */
async function readAll(path: string): Promise<Uint8Array | undefined> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  if (!found.isFile()) return readPipe(path);
  const file = openSync(path, 'r');
  try {
    return await joined((piece) => readSync(file, piece));
  } finally {
    closeSync(file);
  }
}

/** Somebody may write to it later, and signals are heard until then. */
async function readPipe(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    // Never from a place in the file.
    return await joined(async (piece) => (await file.read(piece, 0, piece.length, null)).bytesRead);
  } finally {
    await file.close();
  }
}

async function joined(read: (piece: Buffer) => Promise<number> | number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for (;;) {
      const piece = Buffer.alloc(64 * 1024);
      const length = await read(piece);
      pieces.push(piece.subarray(0, length));
      size += length;
      if (size >= maxKeyFile) throw new LockstepError('TOO_LARGE', { what: 'key-file' });
      if (length === 0) return Buffer.concat(pieces);
    }
  } finally {
    for (const piece of pieces) wipe(piece);
  }
}

/**
 * The places of age keys that hold something: what a person may be offered. Programs and SSH keys are left alone. `read` gives the
 * text, which is not kept.
 */
export async function offeredPlaces(
  env: Environment,
  home: string,
  platform: NodeJS.Platform,
): Promise<readonly KeyOffer[]> {
  const places = keyPlaces(env, home, platform).flatMap(({ source, kind, from }) => {
    if (kind !== 'key-file' || 'command' in from || 'misplaced' in from) return [];
    // What cannot be read is not offered.
    return [
      { source, read: async () => ('text' in from ? env[source] : readKeyFile(from.path).catch(() => undefined)) },
    ];
  });
  const holds = await Promise.all(places.map(async ({ read }) => Boolean(await read())));
  return places.filter((_, i) => holds[i]);
}

/** Whether a file is there, without reading it. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
