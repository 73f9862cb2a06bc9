import * as vscode from 'vscode';
import type { Item } from '../../core/checklist/form.ts';
import { commands, contexts, leaversView } from '../ids.ts';
import type { Services } from '../services.ts';
import { later } from '../surface.ts';
import { inert } from '../ui/inert.ts';
import type { Checklists, Found } from './checklists.ts';

const { t } = vscode.l10n;

/** A checklist, a file in it, or a value. */
type Node =
  | { readonly found: Found }
  | { readonly found: Found; readonly file: string }
  | { readonly found: Found; readonly item: Item };

/** Milliseconds: writing a file is several events. */
const settle = 300;

/** The checklists, in the panel beside the values in git history: what is left, and what is ticked off. No value is in it. */
export function showChecklists(services: Services, lists: Checklists): vscode.Disposable {
  const { vault, ui, log } = services;
  const tree = vscode.window.createTreeView<Node>(leaversView, {
    manageCheckboxStateManually: true,
    treeDataProvider: {
      onDidChangeTreeData: lists.onDidChange,
      getChildren: (node) => childrenOf(lists, node),
      getTreeItem: itemOf,
    },
  });
  const draw = () => {
    tree.description = lists.left === 0 ? '' : t('{0} left', lists.left);
    tree.message =
      lists.left === 0
        ? t('Every value is replaced.')
        : t('Replace each value where it is used, then set the new one in its file: that ticks it off.');
    void vscode.commands.executeCommand('setContext', contexts.hasLeavers, lists.all.length > 0);
  };
  const failed = () => log.info('a checklist could not be compared');
  let due = new Set<string>();
  const check = later(settle, () => {
    const uris = [...due].map((key) => vscode.Uri.parse(key));
    due = new Set();
    lists.check(uris).catch(failed);
  });
  const reload = later(settle, () => void lists.load().catch(failed));
  const watcher = vscode.workspace.createFileSystemWatcher('**/*');
  const touched = (uri: vscode.Uri) => {
    if (uri.path.includes('/.lockstep/leavers/')) reload.start();
    else if (lists.left > 0) {
      due.add(uri.toString());
      check.start();
    }
  };
  const all = () => lists.load().then(() => (lists.left > 0 ? lists.check() : undefined), failed);
  draw();
  void all();
  return vscode.Disposable.from(
    ...[tree, check, reload, watcher, lists],
    ...[watcher.onDidChange(touched), watcher.onDidCreate(touched), watcher.onDidDelete(touched)],
    vault.onDidChange(() => {
      if (!vault.locked && lists.left > 0) lists.check().catch(failed);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void all()),
    lists.onDidChange(draw),
    tree.onDidChangeCheckboxState(({ items }) => {
      for (const [node, state] of items)
        if ('item' in node)
          lists
            .tick(node.found, node.item, state === vscode.TreeItemCheckboxState.Checked)
            .catch(() => void ui.warn(t('The checklist changed meanwhile, or cannot be written. Nothing was ticked.')));
    }),
  );
}

function childrenOf(lists: Checklists, node: Node | undefined): Node[] {
  if (!node) return lists.all.map((found) => ({ found }));
  if ('item' in node) return [];
  const { items } = node.found.list;
  if ('file' in node)
    return items.filter(({ file }) => file === node.file).map((item) => ({ found: node.found, item }));
  return [...new Set(items.map(({ file }) => file))].map((file) => ({ found: node.found, file }));
}

function itemOf(node: Node): vscode.TreeItem {
  if ('item' in node) return valueItem(node.found, node.item);
  const items = node.found.list.items.filter(({ file }) => !('file' in node) || file === node.file);
  const left = items.filter(({ tick }) => !tick).length;
  const state = left > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
  const item = new vscode.TreeItem(inert('file' in node ? node.file : node.found.list.name), state);
  item.id = 'file' in node ? `${node.found.uri} ${node.file}` : node.found.uri.toString();
  item.description = t('{0} of {1} left', left, items.length);
  item.iconPath = 'file' in node ? vscode.ThemeIcon.File : new vscode.ThemeIcon('account');
  if (!('file' in node)) {
    item.contextValue = 'checklist';
    item.tooltip = node.found.path;
  }
  return item;
}

function valueItem({ uri }: Found, one: Item): vscode.TreeItem {
  const item = new vscode.TreeItem(inert(one.entry));
  item.id = `${uri} ${one.line}`;
  if (one.tick) item.description = one.tick === 'changed' ? t('changed') : t('ticked by hand');
  item.checkboxState = {
    state: one.tick ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    tooltip: one.tick ? t('Done') : t('Tick it off by hand if the value need not change'),
  };
  item.command = {
    title: t('Go to the Secret'),
    command: commands.showChecklist,
    arguments: [uri.toString(), String(one.line)],
  };
  return item;
}
