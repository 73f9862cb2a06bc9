import { chmodSync, lstatSync, mkdirSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { Environment } from '../../core/env/environment.ts';
import { hashOf } from '../../core/hash.ts';

/** What says where sockets are. */
export interface Around {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
}

/** A socket's path may be a little longer everywhere; the longest name in the folder has to fit. */
const longestPath = 100;
const longestName = '0123456789abcdef.9.sops.sock';

/**
 * The folders in which sockets of this user's agents may be, the usual one first: a program that was started elsewhere may have other
 * variables than the agent.
 */
function places({ env, platform }: Around): string[] {
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA;
    return local && isAbsolute(local) ? [join(local, 'lockstep', 'run')] : [];
  }
  const user = process.getuid?.() ?? 0;
  const runtime = [env.XDG_RUNTIME_DIR, `/run/user/${user}`].filter((at) => at && isAbsolute(at) && isOwn(lookAt(at)));
  const temporary = [env.TMPDIR, tmpdir(), '/tmp'].filter((at) => at && isAbsolute(at) && mayHold(lookAt(at)));
  const all = [
    ...runtime.map((at) => join(at ?? '', 'lockstep')),
    ...temporary.map((at) => join(at ?? '', `lockstep-${user}`)),
  ];
  return [...new Set(all)].filter((at) => Buffer.byteLength(join(at, longestName)) <= longestPath);
}

/** The folders that are there, and that nobody else can write to or look into. */
const runtimeFolders = (around: Around): string[] => places(around).filter((at) => isOwn(lookAt(at)));

/** Makes the folder of sockets, for this user alone. Undefined where there is no place for one, or somebody else has taken it. */
export function makeRuntimeFolder(around: Around): string | undefined {
  return places(around).find((at) => {
    if (isOwn(lookAt(at))) return true;
    try {
      mkdirSync(at, { recursive: true, mode: 0o700 });
      const found = lookAt(at);
      if (around.platform !== 'win32' && found?.isDirectory() && found.uid === process.getuid?.()) chmodSync(at, 0o700);
    } catch {
      // Read-only, or something else is there: the next place.
    }
    return isOwn(lookAt(at));
  });
}

/** Without following a link: one that leads to such a folder is none. */
function lookAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** Windows has neither owners nor modes here: the folder is in the person's own. */
function isOwn(found: Stats | undefined): boolean {
  if (process.platform === 'win32') return found?.isDirectory() === true;
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}

/** Nobody but the owner and root can take a folder out of it: it is theirs alone to write, or everybody's with the sticky bit. */
function mayHold(found: Stats | undefined): boolean {
  if (!found?.isDirectory() || ![0, process.getuid?.()].includes(found.uid)) return false;
  return (found.mode & 0o022) === 0 || (found.mode & 0o1000) !== 0;
}

/** The socket of an agent that belongs to no workspace. */
export const lonelyName = 'agent';

/** The name of a workspace folder's socket, without its ending: the same for whoever looks at the folder. */
export function nameOfFolder(folder: string): string {
  return hashOf(realOr(folder)).slice(0, 16);
}

function realOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The path of a socket by its name. `number` tells apart the windows that show the same folder. */
export function socketPath(
  { platform }: Pick<Around, 'platform'>,
  folder: string,
  name: string,
  number: number,
): string {
  const file = `${name}${number > 1 ? `.${number}` : ''}.sock`;
  // Named pipes are in no folder; the hash of one keeps those of several users apart.
  return platform === 'win32' ? `\\\\.\\pipe\\lockstep-${hashOf(folder).slice(0, 16)}-${file}` : join(folder, file);
}

/** How many windows may show one folder and have a socket each. */
export const maxNumber = 9;

/**
 * The sockets that may answer for a program that works in these folders: those of the folders and of what they are in, then the one that
 * belongs to no workspace. Without a look at whether anybody listens.
 */
export function socketsFor(around: Around, folders: readonly string[]): string[] {
  const numbers = Array.from({ length: maxNumber }, (_, i) => i + 1);
  return runtimeFolders(around).flatMap((at) => {
    const there = around.platform === 'win32' ? undefined : new Set(namesIn(at));
    if (there?.size === 0) return [];
    const names = [...new Set(folders.flatMap(above)), undefined].map((folder) =>
      folder === undefined ? lonelyName : nameOfFolder(folder),
    );
    const paths = names.flatMap((name) => numbers.map((number) => socketPath(around, at, name, number)));
    return there ? paths.filter((path) => there.has(path.slice(at.length + 1))) : paths;
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.sock'));
  } catch {
    return [];
  }
}

/** A folder and those that it is in, the nearest first. */
function above(folder: string): string[] {
  const found = [realOr(folder)];
  for (let at = dirname(found[0] as string); at !== found.at(-1); at = dirname(at)) found.push(at);
  return found;
}
