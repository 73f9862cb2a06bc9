import { readFile } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { parseIdentities, recipientOf } from '../core/age/identity.ts';
import type { Keyring, KeyringEntry } from '../core/keys/keyring.ts';
import { fileError } from './files.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a person is asked for: the pass phrase of one source, a path or a variable's name. */
export interface Question {
  readonly source: string;
  /** An SSH private key, or a key file that age encrypted. */
  readonly kind: 'ssh-key' | 'key-file';
  /** The last answer was wrong. */
  readonly again: boolean;
}

/** What the caller lends to sources that need more than reading. */
export interface Means {
  /** A pass phrase, or undefined for none; a source that needs one is passed over without this. */
  readonly ask?: (question: Question) => Promise<string | undefined>;
  /** Standard output of a program, run without a shell; sources that are programs are passed over without this. */
  readonly run?: (command: readonly string[], env: Environment) => Promise<Uint8Array>;
  /** False: leave the keys in `~/.ssh` alone. */
  readonly homeSsh?: boolean;
}

/**
 * Where sops itself looks for age identities, in its order: SOPS_AGE_KEY (the text), SOPS_AGE_KEY_FILE (a path), and the
 * standard key file (age/keysource.go). SOPS_AGE_KEY_CMD, which runs a program, and SSH keys are left out. What is not
 * there is skipped. `entries` throws BAD_IDENTITY for text that is no key file, and what reading a file can throw.
 */
export function standardKeyring(
  env: Environment,
  home: string,
  platform: NodeJS.Platform,
  _means: Means = {},
): Keyring {
  return {
    async entries() {
      const found: KeyringEntry[] = [];
      for (const [source, text] of await texts(env, home, platform)) {
        for (const identity of parseIdentities(text)) {
          if (found.some((entry) => entry.identity === identity)) continue;
          found.push({ label: source, recipient: await recipientOf(identity), identity, source });
        }
      }
      return found;
    },
  };
}

/** The standard key file's path; undefined where the environment does not tell. */
export function standardKeyFile(env: Environment, home: string, platform: NodeJS.Platform): string | undefined {
  if (platform === 'win32')
    return env.AppData || env.APPDATA
      ? win32.join(env.AppData || env.APPDATA || '', 'sops', 'age', 'keys.txt')
      : undefined;
  const fallback =
    platform === 'darwin' ? posix.join(home, 'Library', 'Application Support') : posix.join(home, '.config');
  return posix.join(env.XDG_CONFIG_HOME || fallback, 'sops', 'age', 'keys.txt');
}

async function texts(
  env: Environment,
  home: string,
  platform: NodeJS.Platform,
): Promise<[source: string, text: string][]> {
  const found: [string, string][] = [];
  if (env.SOPS_AGE_KEY) found.push(['SOPS_AGE_KEY', env.SOPS_AGE_KEY]);
  for (const path of [env.SOPS_AGE_KEY_FILE, standardKeyFile(env, home, platform)]) {
    const text = path && (await readText(path));
    if (path && text !== undefined && text !== '') found.push([path, text]);
  }
  return found;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const known = fileError(error);
    if (known.code === 'GONE') return undefined;
    throw known;
  }
}
