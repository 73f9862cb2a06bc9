import { abbreviated, type Past, type PastChange } from '../../core/platform/git.ts';
import { readBlobs } from './blobs.ts';
import { git, text } from './run.ts';

const mostCommits = 20_000;
/** Milliseconds: every file of every commit is compared with its neighbours to find renames. */
const patience = 30_000;

/** One commit more is asked for than is given. Less and less where git says too much or takes too long. */
export async function history(folder: string, commits = mostCommits): Promise<Past | undefined> {
  const shallow = (await text(folder, ['rev-parse', '--is-shallow-repository']))?.trim();
  if (shallow === undefined) return undefined;
  for (let most = commits; most > 0; most = Math.floor(most / 10)) {
    const log = await git(folder, [...logOf, `--max-count=${most + 1}`], undefined, patience);
    // In a clone without all contents git cannot find renames, and gives up.
    if (log?.code !== 0) continue;
    const found = changesOf(log.out.toString('utf8'), most);
    return {
      changes: found.changes,
      missing: found.more || most < commits ? 'more' : shallow === 'true' ? 'shallow' : undefined,
    };
  }
  return { changes: [], missing: 'more' };
}

/** A merge shows what none of its parents has: the rest is in their own commits. */
const logOf = [
  ...['log', '--all', '--full-history', '-c', '--raw', '--no-abbrev', '-M', '-l2000', '-O/dev/null', '-z'],
  ...['--no-ext-diff', '--no-textconv', '--format=commit %H %ct'],
];

const isFile = (mode: string | undefined) => mode === '100644' || mode === '100755';

/** `commit <hash> <time>`, then for each file `:<modes> <ids> <status>` and its name; before that the old one, where it was renamed. */
function changesOf(log: string, most: number): { changes: PastChange[]; more: boolean } {
  const changes: PastChange[] = [];
  const words = log.split('\0');
  let commit = '';
  let time = new Date(0);
  let seen = 0;
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] ?? '').replace(/^\n/, '');
    const header = /^commit ([0-9a-f]+) (\d+)$/.exec(word);
    if (header) {
      if (++seen > most) return { changes, more: true };
      commit = abbreviated(header[1] ?? '');
      time = new Date(Number(header[2]) * 1000);
    }
    const raw = /^(:+)([0-9a-f ]+) ([A-Z]+)\d*$/.exec(word);
    if (!raw) continue;
    const parents = raw[1]?.length ?? 0;
    const fields = (raw[2] ?? '').split(' ');
    // A merge names the file as it is after it only.
    const renamed = parents === 1 && /^[RC]/.test(raw[3] ?? '');
    const from = renamed ? words[++i] : undefined;
    const path = words[++i] ?? '';
    const blob = isFile(fields[parents]) ? fields[2 * parents + 1] : undefined;
    changes.push({ commit, time, path, from: raw[3] === 'R' ? from : undefined, blob });
  }
  return { changes, more: false };
}

export async function* contents(
  folder: string,
  blobs: readonly string[],
  run = git,
): AsyncGenerator<{ readonly blob: string; readonly bytes: Uint8Array }> {
  const each = [...new Set(blobs)].map((id) => ({ id }));
  for await (const { blob, bytes } of readBlobs(folder, each, run)) yield { blob: blob.id, bytes };
}
