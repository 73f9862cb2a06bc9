import * as vscode from 'vscode';
import { commands, contexts, exposedView } from '../ids.ts';
import type { Services } from '../services.ts';
import type { Exposed } from '../session/exposed.ts';
import { later } from '../surface.ts';
import { inert } from '../ui/inert.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** A file, or one of its values. */
type Node = vscode.Uri | { readonly uri: vscode.Uri; readonly one: Exposed };

/** Milliseconds: writing a file is several events. */
const settle = 300;

/** The list of values in git history, in the panel, as problems are: what is left, and what is ticked off. No value is in it. */
export function showExposedList(services: Services): vscode.Disposable {
  const { exposed, vault, log } = services;
  const tree = vscode.window.createTreeView<Node>(exposedView, {
    manageCheckboxStateManually: true,
    treeDataProvider: {
      onDidChangeTreeData: exposed.onDidChange,
      getChildren: (node) => childrenOf(services, node),
      getTreeItem: (node) => (node instanceof vscode.Uri ? fileItem(services, node) : valueItem(node)),
    },
  });
  const draw = () => {
    const { left, files } = exposed;
    tree.description = left === 0 ? '' : t('{0} left', left);
    tree.message =
      left === 0 ? t('Every value is replaced.') : t('Replace each value at its source, then set the new one here.');
    void vscode.commands.executeCommand('setContext', contexts.hasExposed, files.length > 0);
  };
  let due = new Set<string>();
  const check = later(settle, () => {
    const uris = exposed.files.filter((uri) => due.has(uri.toString()));
    due = new Set();
    // One that cannot be read now is looked at after its next change.
    for (const uri of uris)
      exposed.check(uri).catch(() => log.info('a file with values in git history cannot be read'));
  });
  const changed = (uris: readonly vscode.Uri[]) => {
    for (const uri of uris) due.add(uri.toString());
    if (exposed.left > 0) check.start();
  };
  const watcher = vscode.workspace.createFileSystemWatcher('**/*');
  draw();
  return vscode.Disposable.from(
    ...[tree, check, watcher],
    watcher.onDidChange((uri) => changed([uri])),
    vault.onDidChange(() => changed(exposed.files)),
    exposed.onDidChange(draw),
    tree.onDidChangeCheckboxState(({ items }) => {
      for (const [node, state] of items)
        if (!(node instanceof vscode.Uri))
          void exposed.tick(node.uri, node.one.id, state === vscode.TreeItemCheckboxState.Checked);
    }),
  );
}

function childrenOf({ exposed }: Services, node: Node | undefined): Node[] {
  if (!node) return [...exposed.files];
  return node instanceof vscode.Uri ? exposed.of(node).map((one) => ({ uri: node, one })) : [];
}

function fileItem({ exposed }: Services, uri: vscode.Uri): vscode.TreeItem {
  const all = exposed.of(uri);
  const left = all.filter(({ replaced }) => !replaced).length;
  const state = left > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
  const item = new vscode.TreeItem(inert(fileName(uri)), state);
  item.id = uri.toString();
  item.resourceUri = uri;
  item.iconPath = vscode.ThemeIcon.File;
  item.description = t('{0} of {1} left', left, all.length);
  return item;
}

function valueItem({ uri, one }: Exclude<Node, vscode.Uri>): vscode.TreeItem {
  const item = new vscode.TreeItem(inert(one.name));
  item.id = `${uri} ${one.id}`;
  item.description = one.replaced ? t('replaced') : whereOf(one);
  if (one.former !== undefined) item.tooltip = inert(one.former);
  item.checkboxState = {
    state: one.replaced ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    tooltip: one.replaced ? t('Replaced') : t('Tick it off when it is replaced at its source'),
  };
  item.command = { title: t('Go to the Secret'), command: commands.showExposed, arguments: [uri.toString(), one.id] };
  return item;
}

function whereOf({ former, commit }: Exposed): string {
  return former === undefined ? t('plaintext in {0}', commit) : t('for a former reader in {0}', commit);
}
