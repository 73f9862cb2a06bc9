import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Stages } from '../../core/platform/git.ts';
import { git } from './run.ts';

/** The versions of a file in conflict; undefined where git's index knows of none, and outside git. @param run git, as the repository or as the environment leads it. Throws nothing. */
export async function stagesOf(path: string, run = git): Promise<Stages | undefined> {
  const folder = await realpath(dirname(path)).catch(() => undefined);
  if (folder === undefined) return undefined;
  const name = basename(path);
  const unmerged = await entriesOf(run, folder, ['ls-files', '-u', '-z', '--', name]);
  const found =
    unmerged.size > 0 ? unmerged : await entriesOf(run, folder, ['ls-files', '--resolve-undo', '-z', '--', name]);
  if (found.size === 0) return undefined;
  const bytes = async (stage: number) => {
    const id = found.get(stage);
    const blob = id === undefined ? undefined : await run(folder, ['cat-file', 'blob', id]);
    return blob?.code === 0 ? blob.out : undefined;
  };
  const [base, ours, theirs] = [await bytes(1), await bytes(2), await bytes(3)];
  const isMissing = [base, ours, theirs].filter((one) => one !== undefined).length < found.size;
  return { base, ours, theirs, isMissing, added: unmerged.size === 0 };
}

/** `<mode> <id> <stage>\t<name>` for each; of regular files only. */
async function entriesOf(run: typeof git, folder: string, args: readonly string[]): Promise<Map<number, string>> {
  const listed = await run(folder, args);
  const found = new Map<number, string>();
  for (const line of listed?.code === 0 ? listed.out.toString('utf8').split('\0') : []) {
    const [, mode, id, stage] = /^(\d+) ([0-9a-f]+) ([123])\t/.exec(line) ?? [];
    if (id !== undefined && (mode === '100644' || mode === '100755')) found.set(Number(stage), id);
  }
  return found;
}
