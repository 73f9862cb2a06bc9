import * as vscode from 'vscode';
import { fromUtf8 } from '../../core/bytes.ts';
import { type Declared, soundEnvironments } from '../../core/env/declared.ts';
import type { Look } from '../../core/env/environments.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Platform } from '../../core/platform/platform.ts';
import { environmentsPath } from '../../core/view/names.ts';
import { diskOf, readAnywhere } from '../elsewhere.ts';
import { exists } from '../exists.ts';
import { isTop } from '../outside.ts';
import { environmentsIn } from '../settings.ts';
import type { Survey } from '../survey/survey.ts';

/** Environments as they are found from a workspace folder upward, to the root of its repository; without a repository, there alone. */
export function lookIn(platform: Platform, survey: Survey, start: vscode.Uri): Look<vscode.Uri> {
  let root: Promise<vscode.Uri> | undefined;
  const rootOf = () => {
    root ??= repositoryOf(start);
    return root;
  };
  const requireOwn = async (folder: vscode.Uri, file: string) => {
    const uri = vscode.Uri.joinPath(folder, file);
    const disk = diskOf(platform, uri);
    const bad = (what: 'link' | 'others') => new LockstepError('BAD_ENVIRONMENTS', { what, path: [file] });
    if (disk && (await disk.leadsOut(uri.fsPath, (await rootOf()).fsPath)) !== undefined) throw bad('link');
    if (disk?.isAnybodys(uri.fsPath, start.fsPath)) throw bad('others');
  };
  return {
    names: async (folder) => (await filesIn(folder)).map(([name]) => name),
    async declared(folder) {
      const uri = vscode.Uri.joinPath(folder, environmentsPath);
      const layers: ReadonlyMap<string, Declared>[] = [];
      const personal = folder.toString() === start.toString() ? environmentsIn(start) : undefined;
      if (personal !== undefined) layers.push(soundEnvironments(personal, 'setting'));
      if (!(await exists(uri))) return layers;
      await requireOwn(folder, environmentsPath);
      layers.push(soundEnvironments(fromUtf8(await readAnywhere(platform, uri))));
      return layers;
    },
    async above(folder) {
      const up = vscode.Uri.joinPath(folder, '..');
      return isTop(folder) || folder.toString() === (await rootOf()).toString() ? undefined : up;
    },
    async isEncrypted(folder, file) {
      const facts = await survey.of(vscode.Uri.joinPath(folder, file));
      return facts.kind === 'broken' ? !facts.plain : facts.kind !== 'plain' && facts.kind !== 'none';
    },
    requireOwn,
  };
}

async function filesIn(folder: vscode.Uri): Promise<readonly [string, vscode.FileType][]> {
  try {
    const all = await vscode.workspace.fs.readDirectory(folder);
    return all.filter(([, type]) => (type & vscode.FileType.Directory) === 0);
  } catch {
    return [];
  }
}

/** The nearest folder with a `.git`; the folder itself where none has one. */
async function repositoryOf(start: vscode.Uri): Promise<vscode.Uri> {
  for (let folder = start; ; folder = vscode.Uri.joinPath(folder, '..')) {
    if (await exists(vscode.Uri.joinPath(folder, '.git'))) return folder;
    if (isTop(folder)) return start;
  }
}
