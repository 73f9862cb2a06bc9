import * as vscode from 'vscode';

/** As much of the API of VS Code's own git extension, version 1, as is used here. */
export interface Repository {
  readonly rootUri: vscode.Uri;
  readonly inputBox: { value: string };
  readonly state: {
    readonly mergeChanges: readonly Change[];
    readonly indexChanges: readonly Change[];
    readonly workingTreeChanges: readonly Change[];
    /** Only where they are not among the others. */
    readonly untrackedChanges?: readonly Change[];
    readonly rebaseCommit?: unknown;
    readonly onDidChange: vscode.Event<void>;
  };
  readonly ui: { readonly selected: boolean };
  readonly onDidCommit: vscode.Event<void>;
  status(): Promise<void>;
  add(paths: string[]): Promise<void>;
  /** Takes changes out of the index. */
  revert(paths: string[]): Promise<void>;
  /** A file as a commit has it, or without one as the index has it. */
  buffer(ref: string, path: string): Promise<Uint8Array>;
  commit(message: string): Promise<void>;
}

interface Change {
  readonly uri: vscode.Uri;
}

interface Api {
  readonly repositories: readonly Repository[];
  readonly onDidOpenRepository: vscode.Event<Repository>;
  readonly onDidCloseRepository: vscode.Event<Repository>;
  getRepository(uri: vscode.Uri): Repository | null;
  openRepository?(root: vscode.Uri): Promise<Repository | null>;
}

/** VS Code's git extension; undefined where it is off. */
export async function gitApi(): Promise<Api | undefined> {
  try {
    const extension = vscode.extensions.getExtension<{ getAPI(version: 1): Api }>('vscode.git');
    return (await extension?.activate())?.getAPI(1);
  } catch {
    return undefined;
  }
}

/** Tells how many files of a repository are in conflict, whenever VS Code's git extension has looked; nothing where that is off. */
export function onMergeChanges(told: (count: number) => void): vscode.Disposable {
  const all: vscode.Disposable[] = [];
  let gone = false;
  const listen = ({ state }: Repository) => {
    const tell = () => told(state.mergeChanges.length);
    all.push(state.onDidChange(tell));
    tell();
  };
  void gitApi().then((api) => {
    if (!api || gone) return;
    all.push(api.onDidOpenRepository(listen));
    for (const repository of api.repositories) listen(repository);
  });
  return new vscode.Disposable(() => {
    gone = true;
    for (const one of all) one.dispose();
  });
}

/** The repository of a folder, as VS Code's git extension knows it; undefined without one, or where that extension is off. */
export async function repositoryOfFolder(folder: vscode.Uri): Promise<Repository | undefined> {
  const api = await gitApi();
  try {
    return api?.getRepository(folder) ?? (await api?.openRepository?.(folder)) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Whether a merge, a rebase or the like is under way, in which a commit would mean something else. */
export async function isUnderWay({ rootUri, state }: Repository): Promise<boolean> {
  if (state.mergeChanges.length > 0 || state.rebaseCommit) return true;
  const marks = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply'];
  const found = await Promise.all(
    marks.map((name) =>
      vscode.workspace.fs.stat(vscode.Uri.joinPath(rootUri, '.git', name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/** The files that differ from the last commit: staged, and in the work tree. */
export function changesOf({ state }: Repository): { staged: readonly string[]; all: ReadonlySet<string> } {
  const paths = (list: readonly Change[] = []) => list.map(({ uri }) => uri.fsPath);
  const staged = paths(state.indexChanges);
  return { staged, all: new Set([...staged, ...paths(state.workingTreeChanges), ...paths(state.untrackedChanges)]) };
}
