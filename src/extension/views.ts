import * as vscode from 'vscode';
import { peopleView, secretsView } from './ids.ts';

/** The views until the engine is there: whoever opens one wants it loaded. @param load loads the engine, whose views take their place. */
export function firstViews(load: () => Promise<unknown>): vscode.Disposable {
  const treeDataProvider: vscode.TreeDataProvider<never> = {
    getChildren: async () => {
      await load();
      return [];
    },
    getTreeItem: (node) => node,
  };
  return vscode.Disposable.from(
    ...[secretsView, peopleView].map((id) => vscode.window.createTreeView(id, { treeDataProvider })),
  );
}
