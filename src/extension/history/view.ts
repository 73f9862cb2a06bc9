import * as vscode from 'vscode';
import type { Names } from '../../core/people/names.ts';
import { abbreviated } from '../../core/platform/git.ts';
import { commands, contexts, historyView } from '../ids.ts';
import type { Services } from '../services.ts';
import { ago } from '../ui/ago.ts';
import { inert } from '../ui/inert.ts';
import { fileName } from '../ui/words.ts';
import type { Change, HistoryList } from './list.ts';
import { hasValue } from './old.ts';
import { kindWords, messageOf, readersWords } from './words.ts';

const { t } = vscode.l10n;

/** The commits that changed one secret, in the panel beside the values in git history. No value is in it. */
export function showHistoryView(services: Services, list: HistoryList): vscode.Disposable {
  let names: Names = new Map();
  const drawn = new vscode.EventEmitter<void>();
  const tree = vscode.window.createTreeView<Change>(historyView, {
    treeDataProvider: {
      onDidChangeTreeData: drawn.event,
      getChildren: (node) => (node ? [] : [...list.changes]),
      getTreeItem: (one) => itemOf(services, names, one),
    },
  });
  let shown = list.subject;
  const draw = () => {
    const { subject } = list;
    if (!subject) return;
    if (shown !== subject) {
      shown = subject;
      void services.rules.names(subject.uri).then((found) => {
        names = found;
        drawn.fire();
      });
      void vscode.commands.executeCommand('setContext', contexts.hasHistory, true);
    }
    // A view that is alone in the panel shows no description.
    tree.message = [`${inert(subject.entry)} · ${fileName(subject.uri)}`, messageFor(list)].filter(Boolean).join('. ');
    drawn.fire();
  };
  return vscode.Disposable.from(tree, list, drawn, list.onDidChange(draw));
}

/** What the list lacks, or that it is not finished. */
function messageFor({ progress, changes, passed, cut }: HistoryList): string | undefined {
  const words: string[] = [];
  if (progress === 'looking') words.push(t('Looking through the commits…'));
  if (progress === 'stopped') words.push(t('Stopped: older commits were not looked at.'));
  if (progress === 'failed') words.push(t('Git gave up: older commits could not be looked at.'));
  if (progress === 'done' && changes.length === 0) words.push(t('No commit has it.'));
  if (cut) words.push(t('This clone has a part of the history only: older commits are not listed.'));
  if (passed === 1) words.push(t('1 version is damaged or not in this clone, and could not be compared.'));
  if (passed > 1) words.push(t('{0} versions are damaged or not in this clone, and could not be compared.', passed));
  return words.length > 0 ? words.join(' ') : undefined;
}

const icons = { added: 'add', changed: 'edit', removed: 'trash', renamed: 'symbol-key', unseen: 'question' } as const;

function itemOf({ clock }: Services, names: Names, one: Change): vscode.TreeItem {
  const { made, path } = one.commit;
  const when = made ? ago(made.time, clock.now()) : t('not committed');
  const item = new vscode.TreeItem(inert(kindWords(one)));
  item.iconPath = new vscode.ThemeIcon(icons[one.kind]);
  item.description = inert([when, messageOf(one)].filter(Boolean).join(' · '));
  const facts = [
    made && `${abbreviated(made.hash)}, ${made.time.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    messageOf(one),
    path === one.subject.path ? '' : t('The file was {0}', path),
    one.entry === one.subject.entry ? '' : t('The entry was {0}', one.entry),
    readersWords(one, names),
  ];
  item.tooltip = inert(facts.filter(Boolean).join('\n'));
  const said = [kindWords(one), item.description, readersWords(one, names)];
  item.accessibilityInformation = { label: said.filter(Boolean).join(', ') };
  if (!hasValue(one)) return item;
  item.contextValue = 'value';
  item.command = { title: t('Show Old Value'), command: commands.showOldValue, arguments: [one] };
  return item;
}
