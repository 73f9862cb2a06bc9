import { resolve } from 'node:path';
import { gitHere } from './run.ts';

/** The folder with the programs that git runs before a commit and the like, absolute; undefined outside git. */
export async function hooksFolder(root: string): Promise<string | undefined> {
  // Our own git has the setting on its command line, after all others.
  const set = await gitHere(root, ['config', '--type=path', '-z', '--get-all', 'core.hooksPath']);
  const own = set?.code === 0 ? set.out.toString('utf8').split('\0').slice(0, -2).at(-1) : undefined;
  if (own) return resolve(root, own);
  const common = await gitHere(root, ['rev-parse', '--git-common-dir']);
  if (common?.code !== 0) return undefined;
  return resolve(root, common.out.toString('utf8').replace(/\r?\n$/, ''), 'hooks');
}
