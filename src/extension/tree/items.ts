import * as vscode from 'vscode';
import { canOpen } from '../../core/survey/access.ts';
import type { Environment } from '../../core/survey/environment.ts';
import { baseOf } from '../../core/view/names.ts';
import { ago } from '../ui/ago.ts';
import { inert } from '../ui/inert.ts';
import type { FileRow, Snapshot } from './snapshot.ts';
import { countOf, environmentName, filesCount, lookOf } from './words.ts';

const { t } = vscode.l10n;

/** What a person gets to know of a row, by eye and by ear. */
interface Shown {
  readonly id: string;
  readonly label: string;
  /** Behind the label, the most urgent first: a narrow view cuts the rest. */
  readonly details: readonly (string | undefined)[];
  readonly icon: string;
  readonly color?: string | undefined;
  readonly tooltip?: readonly (string | undefined)[];
  readonly context?: string;
  readonly state?: vscode.TreeItemCollapsibleState;
}

/** A row of a view. Its texts may come out of files: none of them is an icon, a link or a line break. */
export function rowOf({ id, label, details, icon, color, tooltip, context, state }: Shown): vscode.TreeItem {
  const item = new vscode.TreeItem(inert(label), state ?? vscode.TreeItemCollapsibleState.None);
  const said = details.filter((one) => one !== undefined && one !== '');
  item.id = id;
  item.description = inert(said.join(' · '));
  item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
  item.tooltip = inert((tooltip ?? [label, ...said]).filter((one) => one !== undefined && one !== '').join('\n'));
  item.accessibilityInformation = { label: inert([label, ...said].join(', ')) };
  if (context !== undefined) item.contextValue = context;
  return item;
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** What every file around it has in front is left out. */
const below = (folder: string, path: string) => folderOf(path.startsWith(folder) ? path.slice(folder.length) : path);

/** What both views show of a file. @param options.within the folder that all files around it are in. @param options.more further details. */
export function fileItem(
  file: FileRow,
  snapshot: Snapshot,
  options: {
    readonly id: string;
    readonly within: string;
    readonly more?: readonly (string | undefined)[];
    readonly last?: readonly (string | undefined)[];
    readonly state?: vscode.TreeItemCollapsibleState;
    readonly now: Date;
  },
): vscode.TreeItem {
  const { uri, path, facts, condition, inHistory } = file;
  const look = lookOf(condition);
  const history = inHistory === 0 ? undefined : t('{0} in git history', inHistory);
  const item = rowOf({
    id: options.id,
    label: baseOf(path),
    details: [look.short, history, ...(options.more ?? []), below(options.within, path), ...(options.last ?? [])],
    icon: condition === 'encrypted' && history ? 'history' : look.icon,
    color: condition === 'encrypted' && history ? 'list.warningForeground' : look.color,
    tooltip: [
      path,
      look.long,
      history,
      ...readersLines(file, snapshot),
      countOf(facts),
      changedLine(file, options.now),
    ],
    context: `file ${condition}`,
    state: options.state ?? vscode.TreeItemCollapsibleState.Collapsed,
  });
  item.command = { title: t('Open'), command: 'vscode.open', arguments: [uri] };
  return item;
}

/** Names at most; the rest is below the file in *People × Files*. */
const mostNames = 12;

function readersLines({ facts }: FileRow, { nameOf, people }: Snapshot): string[] {
  if (facts.kind !== 'encrypted') return [];
  const keys = facts.groups.flat();
  const own = new Set(people.filter((one) => one.own).map(({ key }) => key.name));
  const names = keys.slice(0, mostNames).map(nameOf).join(', ');
  const all =
    keys.length > mostNames
      ? t('Readable by {0} and {1} more', names, keys.length - mostNames)
      : t('Readable by {0}', names);
  return canOpen(facts, own) ? [all] : [all, t('None of your keys opens it.')];
}

function changedLine({ facts }: FileRow, now: Date): string | undefined {
  if (facts.kind !== 'encrypted') return undefined;
  const time = ago(new Date(facts.lastModified), now);
  return time && t('Changed {0}', time);
}

export function environmentItem(
  id: string,
  environment: Environment | undefined,
  files: readonly FileRow[],
): vscode.TreeItem {
  const trouble = files.filter(({ condition }) => condition !== 'encrypted' && condition !== 'not-yours').length;
  return rowOf({
    id,
    label: environmentName(environment),
    details: [filesCount(files.length), trouble === 0 ? undefined : t('{0} to look at', trouble)],
    icon: 'folder',
    context: 'environment',
    state: vscode.TreeItemCollapsibleState.Expanded,
  });
}
