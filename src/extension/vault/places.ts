import * as vscode from 'vscode';
import { exists } from '../exists.ts';
import { isTop } from '../outside.ts';

/** A work tree in which a key may be used: a repository, by the id that it carries, at a place that a person agreed to. */
export interface Place {
  /** Of the repository: what its `.lockstep/project` says. It is in git, and no secret. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** The address of its root folder on this machine. */
  readonly root: string;
}

/** In the root of a repository; committed. */
const projectFile = ['.lockstep', 'project'];
/** More is not what we wrote. */
const maxLength = 1024;
const idLine = /^id: ([0-9a-f]{32})$/m;

/** What is written into a repository that has no id yet. */
export const projectText = (id: string) =>
  `# Which repository this is, for project keys of Lockstep (docs/keys.md). Not secret; commit it.\nid: ${id}\n`;

export const projectUri = (root: vscode.Uri) => vscode.Uri.joinPath(root, ...projectFile);

/** The repository that a file is in, by the nearest folder above it that is one or says so. Its id is undefined where it says none. */
export async function projectOf(
  file: vscode.Uri,
): Promise<{ readonly root: vscode.Uri; readonly id: string | undefined } | undefined> {
  for (let at = vscode.Uri.joinPath(file, '..'); ; at = vscode.Uri.joinPath(at, '..')) {
    const id = await idIn(at);
    // A repository inside another one, such as a submodule, is not that other one.
    if (id !== undefined || (await exists(vscode.Uri.joinPath(at, '.git')))) return { root: at, id };
    if (isTop(at)) return undefined;
  }
}

async function idIn(root: vscode.Uri): Promise<string | undefined> {
  try {
    const uri = projectUri(root);
    if ((await vscode.workspace.fs.stat(uri)).size > maxLength) return undefined;
    return idLine.exec(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)))?.[1];
  } catch {
    return undefined;
  }
}

/**
 * The keys that may be used for a file. One that is bound may be where both fit: the repository's id, and the place, which nobody
 * who wrote the repository can choose.
 */
export async function usableFor<K extends { readonly places?: readonly Place[] }>(
  keys: readonly K[],
  file: vscode.Uri,
): Promise<readonly K[]> {
  if (keys.every(({ places }) => !places)) return keys;
  const here = await projectOf(file);
  const fits = ({ id, root }: Place) => id === here?.id && root === here.root.toString();
  return keys.filter(({ places }) => !places || places.some(fits));
}
