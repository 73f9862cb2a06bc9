import { tryUtf8 } from '../../bytes.ts';
import { keysPathIn } from '../../dotenvx/keys.ts';
import { LockstepError } from '../../errors.ts';
import { fernetKey, openFernet } from '../../tokens/fernet.ts';
import { textOf } from '../found.ts';
import { readDotenv } from './dotenv.ts';

/** Files with keys beside the one that is read; paths are from its folder, with slashes. */
export interface Beside {
  /** The bytes of a small file; undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** The way from the folder of the file to that of the project, `../..`. */
  readonly root?: string | undefined;
}

/** A file whose keys were taken. */
interface KeyFile {
  readonly path: string;
  readonly keys: readonly string[];
}

/**
 * The private keys of dotenvx for a `.env`: of the key file beside it, else of the one that its public key names, else of the project's.
 */
export async function dotenvxKeys(text: string, { read, root }: Beside): Promise<KeyFile | undefined> {
  const named = keysPathIn(text);
  for (const path of ['.env.keys', ...(named ? [named] : []), ...(root ? [`${root}/.env.keys`] : [])]) {
    const bytes = await read(path);
    const keys = bytes ? privateKeysIn(tryUtf8(bytes) ?? '') : [];
    if (keys.length > 0) return { path, keys };
  }
  return undefined;
}

function privateKeysIn(text: string): string[] {
  try {
    return readDotenv(text).flatMap(({ path: [name = ''], value }) =>
      /^DOTENV_PRIVATE_KEY(?:_|$)/.test(name) ? [textOf(value) ?? ''] : [],
    );
  } catch (error) {
    if (error instanceof LockstepError) return [];
    throw error;
  }
}

/** The key of Rails credentials: the environment's, else the master key. @param name of the file of credentials */
export async function railsKey(name: string, { read }: Beside): Promise<KeyFile | undefined> {
  const environment = /(?:^|[/\\])credentials[/\\]([^/\\]+)\.yml\.enc$/.exec(name)?.[1];
  for (const path of environment ? [`${environment}.key`, '../master.key'] : ['master.key']) {
    const key = tryUtf8((await read(path)) ?? new Uint8Array())?.trim();
    if (key) return { path, keys: [key] };
  }
  return undefined;
}

/**
 * The master key in the store that Flowfile has without Docker: `flowfile.json.enc` and the `.secret_key` beside it. Throws what opening a
 * token throws, FOREIGN_FILE `damaged`.
 */
export async function flowfileMasterKey(store: string, beside: string): Promise<string> {
  const key = fernetKey(beside);
  const bytes = await openFernet(store, key).finally(() => key.fill(0));
  try {
    const found: unknown = JSON.parse(tryUtf8(bytes) ?? '');
    if (typeof found === 'object' && found !== null && 'master_key' in found && typeof found.master_key === 'string')
      return found.master_key;
  } catch {}
  throw new LockstepError('FOREIGN_FILE', { what: 'damaged' });
}
