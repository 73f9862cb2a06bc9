import { joinedAll, tryUtf8, utf8 } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import { hashOf } from '../hash.ts';

/** A change of many files as it is written down: enough to finish it, and to put everything back. */
export interface Journal {
  /** What is being done, for a person. */
  readonly what: string;
  /** Who is doing it (`Journals.self`), and when: RFC 3339. */
  readonly process: string;
  readonly started: string;
  readonly files: readonly JournalFile[];
}

export interface JournalFile {
  /** From the root, with slashes. */
  readonly path: string;
  /** Hash of the file before; undefined where there was none. */
  readonly before: string | undefined;
  readonly after: string;
  /** Undefined where there was no file, or plaintext. */
  readonly old: Uint8Array | undefined;
  readonly new: Uint8Array;
}

const first = 'lockstep journal 1';

/**
 * Three lines of text (a mark, the seal, the facts as JSON), and then the bytes of the files.
 * @param seal makes the seal of what comes after it; the empty text for none.
 */
export async function writeJournal(
  journal: Journal,
  seal: (bytes: Uint8Array) => Promise<string>,
): Promise<Uint8Array> {
  const { files, ...facts } = journal;
  const about = files.map(({ path, before, after, old, new: next }) => [
    ...[path, before ?? null, after, old?.length ?? null, next.length],
  ]);
  const head = utf8(`${JSON.stringify({ ...facts, files: about })}\n`);
  const body = joinedAll([head, ...files.flatMap(({ old, new: next }) => (old ? [old, next] : [next]))]);
  return joinedAll([utf8(`${first}\n${await seal(body)}\n`), body]);
}

/** Throws BAD_JOURNAL for what is none, is cut or damaged; `foreign` where the seal is not that of `seal`; `path` for a path that leads out. */
export async function readJournal(
  bytes: Uint8Array,
  seal: (bytes: Uint8Array) => Promise<string | undefined>,
): Promise<Journal> {
  const [mark, name, body] = cut(bytes);
  if (mark !== first) throw new LockstepError('BAD_JOURNAL');
  const own = await seal(body);
  if (own === undefined || own !== name) throw new LockstepError('BAD_JOURNAL', { what: 'foreign' });
  const journal = parse(body);
  if (!journal) throw new LockstepError('BAD_JOURNAL');
  if (!journal.files.every(({ path }) => staysBelow(path))) throw new LockstepError('BAD_JOURNAL', { what: 'path' });
  return journal;
}

/** A path from a root that does not leave it, nor goes into git's own folder. */
export function staysBelow(path: string): boolean {
  const parts = path.split('/');
  return (
    !/^[A-Za-z]:|\\/.test(path) && parts.every((part) => !['', '.', '..'].includes(part) && !/^\.git$/i.test(part))
  );
}

/** The first two lines, and what comes after them. */
function cut(bytes: Uint8Array): [string, string, Uint8Array] {
  const end = bytes.indexOf(10);
  const next = bytes.indexOf(10, end + 1);
  if (end < 0 || next < 0 || next > 200) throw new LockstepError('BAD_JOURNAL');
  return [
    tryUtf8(bytes.subarray(0, end)) ?? '',
    tryUtf8(bytes.subarray(end + 1, next)) ?? '',
    bytes.subarray(next + 1),
  ];
}

/** Undefined unless everything is there and has its hash. */
function parse(body: Uint8Array): Journal | undefined {
  const end = body.indexOf(10);
  const facts = readFacts(tryUtf8(body.subarray(0, Math.max(0, end))) ?? '');
  if (!facts) return undefined;
  let at = end + 1;
  const take = (length: number) => {
    at += length;
    return body.subarray(at - length, at);
  };
  const files = facts.files.map(([path, before, after, oldLength, length]): JournalFile => {
    const old = oldLength === null ? undefined : take(oldLength);
    return { path, before: before ?? undefined, after, old, new: take(length) };
  });
  const whole = files.every(
    ({ before, after, old, new: next }) => (!old || hashOf(old) === before) && hashOf(next) === after,
  );
  return whole && at === body.length ? { ...facts, files } : undefined;
}

type About = readonly [path: string, before: string | null, after: string, oldLength: number | null, length: number];

function readFacts(text: string): (Omit<Journal, 'files'> & { readonly files: readonly About[] }) | undefined {
  try {
    const { what, process, started, files } = JSON.parse(text);
    const texts = [what, process, started].every((one) => typeof one === 'string');
    return texts && Array.isArray(files) && files.every(isAbout) ? { what, process, started, files } : undefined;
  } catch {
    return undefined;
  }
}

function isAbout(one: unknown): one is About {
  if (!Array.isArray(one) || one.length !== 5) return false;
  const [path, before, after, oldLength, length] = one;
  const isLength = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0;
  return (
    typeof path === 'string' &&
    (before === null || typeof before === 'string') &&
    typeof after === 'string' &&
    (oldLength === null || isLength(oldLength)) &&
    isLength(length)
  );
}
