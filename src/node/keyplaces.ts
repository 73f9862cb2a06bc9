import { open, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { keyText } from '../core/age/identity.ts';
import { wipe } from '../core/bytes.ts';
import { LockstepError } from '../core/errors.ts';
import { fileError } from './files.ts';
import type { Environment } from './identities.ts';

/** One place where sops looks for identities. */
export interface KeyPlace {
  /** What names it: the variable, or the file's path. */
  readonly source: string;
  readonly kind: 'ssh-key' | 'key-file';
  readonly from:
    | { readonly text: string }
    | { readonly command: string }
    /** `named`: somebody said that it is there, so it is a mistake when it is not. */
    | { readonly path: string; readonly named: boolean };
}

/** The places where sops looks, in its order (age/keysource.go). Variables that are empty count as unset. */
export function keyPlaces(env: Environment, home: string, platform: NodeJS.Platform): readonly KeyPlace[] {
  const standard = standardKeyFile(env, home, platform);
  const file = (kind: KeyPlace['kind'], path: string | undefined, named: boolean): KeyPlace[] =>
    path ? [{ source: path, kind, from: { path, named } }] : [];
  const command = (kind: KeyPlace['kind'], source: string): KeyPlace[] =>
    env[source] ? [{ source, kind, from: { command: env[source] } }] : [];
  return [
    ...file('ssh-key', env.SOPS_AGE_SSH_PRIVATE_KEY_FILE, true),
    ...command('ssh-key', 'SOPS_AGE_SSH_PRIVATE_KEY_CMD'),
    ...sshKeyFiles(home, platform).flatMap((path) => file('ssh-key', path, false)),
    ...(env.SOPS_AGE_KEY
      ? [{ source: 'SOPS_AGE_KEY', kind: 'key-file', from: { text: env.SOPS_AGE_KEY } } as const]
      : []),
    ...file('key-file', env.SOPS_AGE_KEY_FILE, true),
    ...command('key-file', 'SOPS_AGE_KEY_CMD'),
    ...file('key-file', standard, false),
  ];
}

const pathOf = (platform: NodeJS.Platform) => (platform === 'win32' ? win32 : posix);

/** Where SSH keeps the keys of a person that sops tries, whether they are there or not. */
export function sshKeyFiles(home: string, platform: NodeJS.Platform): readonly string[] {
  return home ? ['id_ed25519', 'id_rsa'].map((name) => pathOf(platform).join(home, '.ssh', name)) : [];
}

/** The standard key file's path; undefined where the environment does not tell. */
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

async function readAll(path: string): Promise<Uint8Array> {
  const file = await open(path);
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for (;;) {
      // Never from a place in the file: it may be a pipe.
      const piece = Buffer.alloc(64 * 1024);
      const { bytesRead } = await file.read(piece, 0, piece.length, null);
      pieces.push(piece.subarray(0, bytesRead));
      size += bytesRead;
      if (size >= maxKeyFile) throw new LockstepError('TOO_LARGE');
      if (bytesRead === 0) return Buffer.concat(pieces);
    }
  } finally {
    for (const piece of pieces) wipe(piece);
    await file.close();
  }
}

/** The texts of age key files that are there: what a person may be offered. Programs and SSH keys are left alone. */
export async function standardTexts(
  env: Environment,
  home: string,
  platform: NodeJS.Platform,
): Promise<readonly { readonly source: string; readonly text: string }[]> {
  const places = keyPlaces(env, home, platform).filter((place) => place.kind === 'key-file');
  const texts = await Promise.all(
    places.map(async ({ from }) => {
      if ('text' in from) return from.text;
      // What cannot be read is not offered.
      return 'path' in from ? readKeyFile(from.path).catch(() => undefined) : undefined;
    }),
  );
  return places.flatMap(({ source }, i) => (texts[i] ? [{ source, text: texts[i] }] : []));
}

/** Whether a file is there, without reading it. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
