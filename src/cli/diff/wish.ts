import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { At } from '../../core/platform/git.ts';
import { visible } from '../../core/tree/path.ts';
import { commitOf } from '../../node/git/at.ts';
import { gitHere } from '../../node/git/run.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';

/** One of two versions: as git has it there, or as it is on the disk. */
export interface End {
  readonly at: At | 'disk';
  /** As people call it. */
  readonly name: string;
}

/** What is to be compared. */
export interface Wish {
  readonly before: End;
  readonly after: End;
  /** Files and folders as they were typed; none means all of the repository. */
  readonly files: readonly string[];
}

const disk: End = { at: 'disk', name: 'the working tree' };
const index: End = { at: 'index', name: 'the index' };

/**
 * What somebody means, as `git diff` takes it: nothing compares the index with the working tree, a commit is compared with the working tree,
 * two commits with each other, and `--staged` compares a commit, else HEAD, with the index. Files stand behind, or behind `--` where one could be meant
 * for a commit. Throws Failure.
 */
export async function wishOf(call: Call): Promise<Wish> {
  const { args, after, flags } = call;
  const { revs, files } = after ? { revs: args, files: after } : await sorted(call);
  const ends = await endsOf(call, revs);
  const [before, to] = ends;
  if (ends.length > 2) throw new Failure(exit.generic, 'Two commits can be compared, and no more.', 'Name one or two.');
  if (flags.on('staged')) {
    if (to)
      throw new Failure(
        exit.conflictingFlags,
        '--staged compares one commit with the index.',
        'Leave the second one out, or --staged.',
      );
    return { before: before ?? { at: 'head', name: 'HEAD' }, after: index, files };
  }
  return { before: before ?? index, after: to ?? disk, files };
}

/** Which words are commits, and which are files: from the first file on, all are. */
async function sorted({ args, io }: Call): Promise<{ revs: readonly string[]; files: readonly string[] }> {
  for (const [i, word] of args.entries()) {
    const isFile = existsSync(resolve(io.cwd, word));
    const isRev = word.includes('..') ? !isFile : (await commitOf(io.cwd, word, gitHere)) !== undefined;
    if (isFile && isRev)
      throw new Failure(
        exit.generic,
        `${visible(word)} is a commit and a file.`,
        'Write files behind -- to tell them apart.',
      );
    if (isFile) return { revs: args.slice(0, i), files: args.slice(i) };
    if (!isRev)
      throw new Failure(
        exit.noFile,
        `${visible(word)} is no commit and no file.`,
        'A file that is gone stands behind --.',
      );
  }
  return { revs: args, files: [] };
}

async function endsOf(call: Call, revs: readonly string[]): Promise<End[]> {
  const ends: End[] = [];
  for (const rev of revs) {
    const range = /^(.*?)\.\.(\.?)(.*)$/s.exec(rev);
    if (range?.[2])
      throw new Failure(exit.generic, 'A range has two dots here.', `Write ${visible(`${range[1]}..${range[3]}`)}`);
    if (range && revs.length > 1)
      throw new Failure(exit.generic, 'A range is both commits.', 'Leave the other one out.');
    for (const one of range ? [range[1] || 'HEAD', range[3] || 'HEAD'] : [rev]) ends.push(await commitEnd(call, one));
  }
  return ends;
}

async function commitEnd({ io }: Call, rev: string): Promise<End> {
  const commit = await commitOf(io.cwd, rev, gitHere);
  if (!commit)
    throw new Failure(exit.noFile, `git knows no commit ${visible(rev)} here.`, 'git log lists commits, git tag tags.');
  return { at: commit, name: rev };
}
