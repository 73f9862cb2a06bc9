import {
  closeSync,
  constants,
  existsSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AccessEvent } from '../../core/access/event.ts';
import { type Found, type Head, lineOf, noHead, recordOf, tailOf } from '../../core/access/record.ts';
import { LockstepError } from '../../core/errors.ts';
import { hashOf } from '../../core/hash.ts';
import type { Appended, StoredLog } from '../../core/platform/accessdisk.ts';
import { fileError } from '../files.ts';
import { writeFullySync } from '../fullwrite.ts';
import { tryLock } from './lock.ts';

/** A log is at most five files of about this size. */
const rotateAt = 1024 * 1024;
const oldFiles = 4;

const current = 'access.jsonl';
const headFile = 'access.head';
const oldName = /^access-(\d+)\.jsonl$/;
/** Most lines are much shorter, and none is longer. */
const usualTail = 2 * 1024;
const longestTail = 64 * 1024;

/**
 * Appends one record to the log in a folder, which is made if need be. What the log had reached is kept beside it, so that a cut is
 * noticed by the next writer. Undefined while another process writes. Throws what `Disk.write` throws; then the log is as it was.
 */
function tryAppend(folder: string, event: AccessEvent, now: Date): Appended | undefined {
  try {
    const unlock = lockIn(folder);
    if (!unlock) return undefined;
    try {
      return append(folder, event, now);
    } finally {
      unlock();
    }
  } catch (error) {
    throw fileError(error);
  }
}

function lockIn(folder: string): (() => void) | undefined {
  const lock = join(folder, 'access.lock');
  try {
    return tryLock(lock);
  } catch (error) {
    if (fileError(error).code !== 'GONE') throw error;
    makeFolder(folder);
    return tryLock(lock);
  }
}

/** For its owner only. Where there is no home none is made. */
function makeFolder(folder: string): void {
  const missing: string[] = [];
  // A drive of Windows that is not there is its own parent.
  for (let at = folder; !statSync(at, { throwIfNoEntry: false }); at = dirname(at))
    if (missing.push(at) > 3) throw new LockstepError('GONE');
  for (const one of missing.reverse()) {
    mkdirSync(one, { mode: 0o700 });
    const made = openSync(one, 'r');
    likeAbove(made, one);
    closeSync(made);
  }
}

/** What root makes in the folder of somebody else is theirs: they could not write there any more. */
function likeAbove(file: number, path: string): void {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  if (uid !== 0) fchownSync(file, uid, gid);
}

function append(folder: string, event: AccessEvent, now: Date): Appended {
  const path = join(folder, current);
  const file = openOwn(path, constants.O_APPEND);
  try {
    const { size } = fstatSync(file);
    if (size >= rotateAt && putAside(folder, path)) return append(folder, event, now);
    const found = size === 0 ? startOf(folder) : endOf(file, size);
    return write(folder, file, size, { event, now, found });
  } finally {
    closeSync(file);
  }
}

/** The full file becomes an old one. False where that cannot be, as on Windows while somebody reads it: then it grows until the next record. */
function putAside(folder: string, path: string): boolean {
  try {
    renameSync(path, join(folder, `access-${numberOf(oldNames(folder).at(-1)) + 1}.jsonl`));
    return true;
  } catch {
    return false;
  }
}

interface Entry {
  readonly event: AccessEvent;
  readonly now: Date;
  readonly found: End;
}

/** The end of a log, and whether its last line has an end of its own. */
interface End extends Found {
  readonly open: boolean;
}

function write(folder: string, file: number, size: number, { event, now, found }: Entry): Appended {
  const heads = openOwn(join(folder, headFile));
  try {
    const lost = lostSince(readHead(heads), found.last);
    const { text, head } = textOf(lost > 0 ? [faultOf(lost), event] : [event], now, found);
    appendWhole(file, text, size);
    writeFullySync(heads, Buffer.from(`${String(head.n).padStart(16, '0')} ${head.hash}\n`), 0);
    return { head, lost };
  } finally {
    closeSync(heads);
  }
}

function textOf(events: readonly AccessEvent[], now: Date, found: End): { text: string; head: Head } {
  let text = found.open ? '\n' : '';
  let head = found.last;
  for (const [i, event] of events.entries()) {
    const next = lineOf(event, now, i === 0 ? found : { last: head });
    text += next.line;
    head = next.head;
  }
  return { text, head };
}

function appendWhole(file: number, text: string, size: number): void {
  try {
    writeFullySync(file, Buffer.from(text));
  } catch (error) {
    // A full disk takes a part of a line. What cannot be taken back is told from tampering all the same.
    try {
      ftruncateSync(file, size);
    } catch {
      // As it is.
    }
    throw error;
  }
}

const faultOf = (lost: number): AccessEvent => ({
  purpose: 'fault',
  key: `${lost} records gone from the end`,
  by: 'lockstep',
});

/** How many records a log has lost from its end; 1 where the last one is another than it was. */
function lostSince(before: Head, { n, hash }: Head): number {
  if (before.n > n) return before.n - n;
  return before.n === n && before.hash !== hash && n > 0 ? 1 : 0;
}

/** Opens a file of ours to read and write, and makes it for its owner only. A link is not followed: this process may be root. */
function openOwn(path: string, flags = 0): number {
  const how = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0) | flags;
  const file = openSync(path, how, 0o600);
  if (process.geteuid?.() === 0 && fstatSync(file).size === 0) likeAbove(file, path);
  return file;
}

function endOf(file: number, size: number, length = usualTail): End {
  const bytes = Buffer.allocUnsafe(Math.min(size, length));
  const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
  const text = bytes.toString('utf8', 0, read);
  const { last, rest } = tailOf(text);
  if (!last && length < size && length < longestTail) return endOf(file, size, longestTail);
  return { last: last ?? noHead, open: !text.endsWith('\n'), ...(rest !== '' && { torn: hashOf(rest) }) };
}

/** What the log had reached when it was last written to; nothing where that cannot be read. */
function readHead(file: number): Head {
  const bytes = Buffer.alloc(128);
  const text = bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0));
  const [, n, hash] = /^(\d{16}) ([0-9a-f]{64})\n$/.exec(text) ?? [];
  return n === undefined || hash === undefined ? noHead : { n: Number(n), hash };
}

/** A new file goes on where the newest one before it ends, and old ones go. */
function startOf(folder: string): End {
  const names = oldNames(folder);
  for (const name of names.splice(0, Math.max(0, names.length - oldFiles))) unlinkSync(join(folder, name));
  const [oldest, newest] = [names[0], names.at(-1)];
  if (oldest === undefined || newest === undefined) return { last: noHead, open: false };
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const first = recordOf(read(oldest).split('\n', 1)[0] ?? '');
  return { last: tailOf(read(newest)).last ?? noHead, open: false, ...(first && { from: first.n }) };
}

const numberOf = (name: string | undefined) => Number(oldName.exec(name ?? '')?.[1] ?? 0);

/** The files of a log that were full, oldest first. */
function oldNames(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => oldName.test(name));
  return names.sort((a, b) => numberOf(a) - numberOf(b));
}

/** A log as it is on the disk, and what it had reached by the file beside it. Throws what `Disk.read` throws. */
export function readLog(folder: string): StoredLog {
  if (!existsSync(folder)) return { files: [], head: noHead };
  // Without it, where that cannot be: a writer could turn the files over meanwhile, and nothing worse.
  const unlock = patiently(() => lockToRead(folder), patience.reader);
  try {
    const names = [...oldNames(folder), current].filter((name) => existsSync(join(folder, name)));
    const head = existsSync(join(folder, headFile)) ? headOf(join(folder, headFile)) : noHead;
    return { files: names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })), head };
  } catch (error) {
    throw fileError(error);
  } finally {
    unlock?.();
  }
}

/** A folder that cannot be written to has no writers either. */
function lockToRead(folder: string): (() => void) | undefined {
  try {
    return lockIn(folder);
  } catch {
    return () => undefined;
  }
}

function headOf(path: string): Head {
  const file = openSync(path, 'r');
  try {
    return readHead(file);
  } finally {
    closeSync(file);
  }
}

/** How long other processes are waited for, in milliseconds, and how often one looks. */
const patience = { writer: 3_000, reader: 300, often: 3 };

/** As `tryAppend`, after the others. Throws IO when they do not come to an end. */
export async function appendRecord(folder: string, event: AccessEvent, now: Date): Promise<Appended> {
  for (let left = patience.writer; left > 0; left -= patience.often) {
    const done = tryAppend(folder, event, now);
    if (done) return done;
    await pause(patience.often);
  }
  throw new LockstepError('IO', { errno: 'EBUSY' });
}

/** The same in a process that has nothing else to do. */
export function appendRecordSync(folder: string, event: AccessEvent, now: Date): Appended {
  const done = patiently(() => tryAppend(folder, event, now), patience.writer);
  if (!done) throw new LockstepError('IO', { errno: 'EBUSY' });
  return done;
}

function patiently<T>(attempt: () => T | undefined, most: number): T | undefined {
  for (let left = most; left > 0; left -= patience.often) {
    const done = attempt();
    if (done !== undefined) return done;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, patience.often);
  }
  return undefined;
}
