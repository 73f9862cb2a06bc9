import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { holdsBytes, textOfBytes } from '../core/format/encoding.ts';
import { abbreviated, type LastChange, type Version } from '../core/platform/git.ts';
import { readBlobs } from './git/blobs.ts';
import { git, text } from './git/run.ts';
import { textconvsIn } from './git/textconv.ts';

export { bytesAt, changedBetween, commitOf, filesAt } from './git/at.ts';
export { blobReader } from './git/blobreader.ts';
export { fileLog } from './git/filelog.ts';
export { contents, history } from './git/history.ts';
export { stagesOf } from './git/stages.ts';

/** What `Git` in core/platform promises, by a git that runs on this machine. */

interface Place {
  readonly folder: string;
  readonly name: string;
}

/** Links are followed, as git sees the real path. */
async function placeOf(path: string): Promise<Place | undefined> {
  const folder = await realpath(dirname(path)).catch(() => undefined);
  return folder === undefined ? undefined : { folder, name: basename(path) };
}

export async function workTreeOf(path: string): Promise<string | undefined> {
  const place = await placeOf(path);
  const root = place && (await text(place.folder, ['rev-parse', '--show-toplevel']))?.replace(/\r?\n$/, '');
  return root || undefined;
}

export async function pathInWorkTree(path: string): Promise<string | undefined> {
  const root = await workTreeOf(path);
  const place = await placeOf(path);
  if (!root || !place) return undefined;
  return relative(await realpath(root).catch(() => root), join(place.folder, place.name))
    .split(sep)
    .join('/');
}

export async function isTracked(path: string): Promise<boolean | undefined> {
  const place = await placeOf(path);
  const listed = place && (await text(place.folder, ['ls-files', '-z', '--', place.name]));
  return listed === undefined ? undefined : listed !== '';
}

export async function textconvOf(path: string): Promise<string | undefined> {
  const place = await placeOf(path);
  return place && (await textconvsIn(place.folder, [place.name])).get(place.name);
}

export async function isIgnored(path: string): Promise<boolean | undefined> {
  const place = await placeOf(path);
  // `./` keeps a name that starts with `:` a name.
  const result =
    place && (await git(place.folder, ['check-ignore', '--no-index', '-q', '--stdin', '-z'], `./${place.name}\0`));
  if (!result || result.code > 1) return undefined;
  return result.code === 0;
}

/**
 * The work tree's text is not given to git, which would run a repository's filters over it: the line is looked up in the
 * file of HEAD, the nearest equal one counts.
 */
export async function lastChange(
  path: string,
  line: number,
  lineText?: string,
): Promise<LastChange | 'uncommitted' | undefined> {
  const place = await placeOf(path);
  if (!place) return undefined;
  const head = await text(place.folder, ['cat-file', 'blob', `HEAD:./${place.name}`]);
  if (head === undefined) return undefined;
  const wanted = lineText ?? (await readLine(path, line));
  if (wanted === undefined) return undefined;
  const at = nearest(head.split('\n'), wanted, line);
  if (at === undefined) return 'uncommitted';
  const range = `${at + 1},${at + 1}`;
  const blame = await text(place.folder, [
    'blame',
    '--porcelain',
    '--no-textconv',
    '-L',
    range,
    'HEAD',
    '--',
    place.name,
  ]);
  return blame === undefined ? undefined : readBlame(blame);
}

async function readLine(path: string, line: number): Promise<string | undefined> {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  return content?.split('\n')[line];
}

const bare = (line: string) => line.replace(/\r$/, '');

function nearest(lines: readonly string[], wanted: string, line: number): number | undefined {
  let best: number | undefined;
  lines.forEach((one, i) => {
    if (bare(one) === bare(wanted) && (best === undefined || Math.abs(i - line) < Math.abs(best - line))) best = i;
  });
  return best;
}

function readBlame(porcelain: string): LastChange | undefined {
  const lines = porcelain.split('\n');
  const commit = lines[0]?.split(' ')[0];
  const field = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  const seconds = Number(field('author-time'));
  if (!commit || !/^[0-9a-f]{40,64}$/.test(commit) || !Number.isFinite(seconds)) return undefined;
  return {
    commit: abbreviated(commit),
    summary: field('summary') ?? '',
    time: new Date(seconds * 1000),
    author: field('author') ?? '',
  };
}

/** Files over 5 MB are left out. Versions come in parts, because all together could be more than memory holds. */
export async function* versionsOf(path: string, limit = 500): AsyncGenerator<Version> {
  const place = await placeOf(path);
  if (!place) return;
  const log = await text(place.folder, [
    'log',
    '--all',
    '--full-history',
    '-m',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--format=commit %H %ct',
    '--',
    place.name,
  ]);
  if (!log) return;
  for await (const { blob, bytes } of readBlobs(place.folder, blobsOf(log).slice(0, limit)))
    yield { commit: blob.commit, time: blob.time, bytes };
}

interface Blob {
  readonly id: string;
  readonly commit: string;
  readonly time: Date;
}

function blobsOf(log: string): Blob[] {
  const found = new Map<string, Blob>();
  let commit = '';
  let time = new Date(0);
  for (const line of log.split('\n')) {
    const header = /^commit ([0-9a-f]+) (\d+)$/.exec(line);
    if (header) {
      commit = abbreviated(header[1] ?? '');
      time = new Date(Number(header[2]) * 1000);
    }
    const id = /^:\d+ (?:100644|100755) [0-9a-f]+ ([0-9a-f]+) /.exec(line)?.[1];
    if (id && !found.has(id)) found.set(id, { id, commit, time });
  }
  return [...found.values()];
}

/** The files of `filesIn` that a sparse checkout leaves out. */
export async function leftOutIn(folder: string): Promise<readonly string[]> {
  const listed = await git(folder, ['ls-files', '-z', '-t', '--cached']);
  const lines = listed?.code === 0 ? textOfBytes(listed.out).split('\0') : [];
  return lines.flatMap((line) =>
    line.startsWith('S ') && !existsSync(join(folder, line.slice(2))) ? line.slice(2) : [],
  );
}

/**
 * The files below a folder that git holds or would take, by their paths from there, as they lie in the work tree or not; undefined
 * outside git. A name that is no UTF-8 is left out.
 * @param anyName such a name is there, too, as `textOfBytes` has it
 */
export async function filesIn(folder: string, anyName = false): Promise<readonly string[] | undefined> {
  const listed = await git(folder, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']);
  const names = listed?.code === 0 ? textOfBytes(listed.out).split('\0') : undefined;
  return names?.filter((name) => name !== '' && (anyName || !holdsBytes(name)));
}
