import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import type { AgentClient } from '../../core/agent/protocol.ts';
import { outputOf } from '../program.ts';

/**
 * Who is at the other end of a Unix socket, by what the system says of it; of a process that says its own number, if the system says
 * nothing. That is for the question that a person is asked: a process of the same user can be made to look like another one.
 * @param claimed the number that the process says it has. @param forParent the process that started it is meant.
 */
export async function whoIs(socket: Socket, claimed?: number, forParent = false): Promise<AgentClient> {
  const own = await peerOf(socket).catch(() => claimed);
  const pid = own !== undefined && forParent ? statOf(own)?.parent : own;
  return pid === undefined ? {} : { pid, ...processAt(pid) };
}

/** Programs that do what a script says, or their arguments; and what this process runs in, which runs the command line too. */
const interpreters =
  /^(?:node|nodejs|electron|deno|bun|python[\d.]*|ruby[\d.]*|perl[\d.]*|php[\d.]*|(?:ba|da|z|k|a|fi)?sh|pwsh|busybox|toybox|lua[\d.]*|java|dotnet|mono|[gm]?awk|tclsh[\d.]*|expect)$/;
const isInterpreter = (program = '') =>
  program === process.execPath || interpreters.test(program.split('/').at(-1) ?? '');
const farthest = 12;

/** What the system says of a process and of those that it comes from; nothing of one that is gone, or on a system without `/proc`. */
function processAt(pid: number): AgentClient {
  const first = statOf(pid);
  if (!first) return {};
  const program = linkOf(`/proc/${pid}/exe`);
  const cwd = linkOf(`/proc/${pid}/cwd`);
  const parents: { pid: number; began: string; program: string | undefined }[] = [];
  for (let at = first.parent; at > 1 && parents.length < farthest; ) {
    const found = statOf(at);
    if (!found) break;
    parents.push({ pid: at, began: found.began, program: linkOf(`/proc/${at}/exe`) });
    at = found.parent;
  }
  const runsScripts = isInterpreter(program);
  const script = runsScripts ? scriptOf(pid, cwd) : undefined;
  return { began: first.began, program, script, unscripted: runsScripts && script === undefined, cwd, parents };
}

/** The file that an interpreter runs, if its first word is one. */
function scriptOf(pid: number, cwd: string | undefined): string | undefined {
  const [, word] = textOf(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
  if (!word || word.startsWith('-')) return undefined;
  const path = isAbsolute(word) ? word : cwd && resolve(cwd, word);
  return path && existsSync(path) ? path : undefined;
}

function statOf(pid: number): { readonly parent: number; readonly began: string } | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  // The name in brackets may hold anything.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parent, began] = [Number(fields?.[1]), fields?.[19]];
  return Number.isSafeInteger(parent) && began !== undefined ? { parent, began } : undefined;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** The other end's process: the inode of our end leads by way of `ss` to that of the other one. Linux only. */
async function peerOf(socket: Socket): Promise<number | undefined> {
  const fd = (socket as unknown as { _handle?: { fd?: number } })._handle?.fd;
  const inode = fd === undefined ? undefined : /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/self/fd/${fd}`) ?? '')?.[1];
  if (inode === undefined) throw new Error('not on this system');
  return pidIn(await listOfSockets(), inode);
}

const row = /^\S+ +\d+ +\d+ +\S+ (\d+) +\S+ (\d+)(?: +users:\(.*pid=(\d+),fd=\d+\)\))?\s*$/;

/**
 * Of a list of sockets, the process at the other end of one of them. Names of sockets and programs may look like parts of the list: where
 * two lines speak of one socket, nothing is known.
 */
export function pidIn(list: string, inode: string): number | undefined {
  const rows = list.split('\n').map((line) => row.exec(line));
  const only = (of: string | undefined) => {
    const found = rows.filter((one) => one?.[1] === of);
    return found.length === 1 ? found[0] : undefined;
  };
  const peer = only(only(inode)?.[2]);
  return peer?.[3] === undefined || peer[2] !== inode ? undefined : Number(peer[3]);
}

let running: Promise<string> | undefined;
let next: Promise<string> | undefined;

/** One list serves all who ask before it is begun: a hundred programs at once are not a hundred lists. */
function listOfSockets(): Promise<string> {
  const begin = () => {
    next = undefined;
    running = ss().finally(() => {
      running = undefined;
    });
    return running;
  };
  next ??= running ? running.then(begin, begin) : Promise.resolve().then(begin);
  return next;
}

async function ss(): Promise<string> {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
  return Buffer.from(await outputOf(['ss', '-xpnH', 'state', 'established'], env)).toString('latin1');
}
