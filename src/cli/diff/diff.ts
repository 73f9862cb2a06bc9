import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isChanged } from '../../core/compare/compare.ts';
import { Fingerprints } from '../../core/compare/fingerprints.ts';
import { visible } from '../../core/tree/path.ts';
import { workTree } from '../../node/git/driver.ts';
import type { Call, Run } from '../call.ts';
import { AboutFile, exit, Failure } from '../failure.ts';
import { readPath } from '../files/input.ts';
import { namesOf } from '../keys/names.ts';
import { describe } from '../words/words.ts';
import { type Compared, comparePair } from './comparing.ts';
import { type FilePair, filePairs } from './files.ts';
import { factsOfFile, linesOf } from './telling.ts';
import { type Wish, wishOf } from './wish.ts';

/** What changed in encrypted files, entry by entry: names, kinds and fingerprints that are good for this one comparison. Never a value. */
export const diff: Run = async (call) => {
  const { io, flags } = call;
  const { pairs, wish } = flags.on('no-index') ? await twoFiles(call) : await fromGit(call);
  const prints = new Fingerprints();
  const names = await namesOf(call);
  const all: Compared[] = [];
  let isWhole = true;
  for (const pair of pairs) {
    const compared = await comparePair(call, pair, prints);
    const isAsItWas = compared.comparison && !isChanged(compared.comparison) && pair.from === pair.path;
    if (isAsItWas && !pair.unmerged) continue;
    all.push(compared);
    isWhole = tell(call, compared, wish) && isWhole;
    if (!flags.on('json'))
      await io.writeStdout(
        linesOf(compared, names)
          .map((line) => `${line}\n`)
          .join(''),
      );
  }
  if (flags.on('json')) await io.writeStdout(`${JSON.stringify(all.map(factsOfFile))}\n`);
  return isWhole ? 0 : exit.generic;
};

type Ends = Pick<Wish, 'before' | 'after'>;

async function fromGit(call: Call): Promise<{ readonly pairs: readonly FilePair[]; readonly wish: Ends }> {
  const { io } = call;
  const top = await workTree(io.cwd);
  if (top === undefined)
    throw new Failure(
      exit.generic,
      'This folder is in no git repository, or git does not run here.',
      'Two files are compared by lockstep diff --no-index FILE FILE.',
    );
  const root = real(top);
  const wish = await wishOf(call);
  const wanted = wish.files.map((file) => pathFrom(root, resolve(io.cwd, file)));
  const isIn = (path: string) => (one: string) => one === '' || one === path || path.startsWith(`${one}/`);
  const chosen = (path: string) => wanted.length === 0 || wanted.some(isIn(path));
  return { pairs: await filePairs(call, root, wish, chosen, (path) => wanted.includes(path)), wish };
}

/** Two files on the disk, whatever their names. Throws Failure. */
async function twoFiles(call: Call): Promise<{ readonly pairs: readonly FilePair[]; readonly wish: Ends }> {
  const files = [...call.args, ...(call.after ?? [])];
  const [from, path] = files;
  if (from === undefined || path === undefined || files.length > 2 || call.flags.on('staged'))
    throw new Failure(
      exit.generic,
      '--no-index compares two files.',
      'For example: lockstep diff --no-index a.yaml b.yaml',
    );
  const [before, after] = [await readPath(call, from, exit.noFile), await readPath(call, path, exit.noFile)];
  const end = (name: string) => ({ at: 'disk' as const, name });
  return {
    pairs: [{ path, from, before: before.bytes, after: after.bytes, unmerged: false }],
    wish: { before: end(from), after: end(path) },
  };
}

/** Says what the comparison lacks. False where a version cannot be read. */
function tell({ io, flags }: Call, { pair, before, after }: Compared, wish: Ends): boolean {
  const say = (text: string) => io.writeStderr(`lockstep: ${text}\n`);
  if (pair.unmerged) say(`${visible(pair.path)}: It is in conflict: our side of it is compared.`);
  for (const [one, path, end] of [
    [before, pair.from, wish.before],
    [after, pair.path, wish.after],
  ] as const) {
    const label = visible(end.at === 'disk' && end.name === path ? path : `${path} (${end.name})`);
    if (one.locked)
      say(`${label}: No key here opens it, so its ciphertext was compared. lockstep why FILE tells more.`);
    if (one.side?.damaged)
      say(`${label}: Its MAC does not match: somebody changed it without the key, or it is damaged.`);
    if (one.fault) for (const line of describe(new AboutFile(label, one.fault), flags.on('verbose')).lines) say(line);
  }
  return !before.fault && !after.fault;
}

/** From the root, with forward slashes; links on the way to a file are followed, as git sees the real path. */
function pathFrom(root: string, path: string): string {
  const way = relative(root, join(real(dirname(path)), basename(path)))
    .split(sep)
    .join('/');
  if (way === '..' || way.startsWith('../'))
    throw new Failure(exit.generic, `${visible(path)} is outside this repository.`, 'Go to its own.');
  return path === root ? '' : way;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
