import * as vscode from 'vscode';
import { keepsBack } from '../../core/check/finding.ts';
import { conditionOf } from '../../core/survey/access.ts';
import type { Services } from '../services.ts';
import type { Watch } from './watch.ts';

const { t } = vscode.l10n;

/** A badge, in the SCM view and wherever else VS Code lists files, on what should not be in the next commit. */
export function showCommitBadges({ survey }: Services, watch: Watch): vscode.Disposable {
  const news = new vscode.EventEmitter<vscode.Uri[]>();
  let marked = new Set<string>();
  const update = () => {
    const before = marked;
    marked = new Set(
      watch.found.flatMap(({ repository, findings }) =>
        findings.filter(keepsBack).map(({ path }) => vscode.Uri.joinPath(repository.rootUri, path).toString()),
      ),
    );
    const changed = [...new Set([...before, ...marked])].filter((one) => before.has(one) !== marked.has(one));
    if (changed.length > 0) news.fire(changed.map((one) => vscode.Uri.parse(one)));
  };
  /** Of what is told by a badge already, two would say less than one. */
  const hasBadge = (uri: vscode.Uri) => {
    const facts = survey.get(uri);
    return facts !== undefined && ['plain', 'damaged', 'conflict'].includes(conditionOf(facts));
  };
  return vscode.Disposable.from(
    ...[news, watch.onDidChange(update)],
    vscode.window.registerFileDecorationProvider({
      onDidChangeFileDecorations: news.event,
      provideFileDecoration(uri) {
        if (!marked.has(uri.toString())) return undefined;
        const badge = hasBadge(uri) ? undefined : '!';
        return new vscode.FileDecoration(
          badge,
          t('Not fit to be committed: see Problems'),
          new vscode.ThemeColor('list.errorForeground'),
        );
      },
    }),
  );
}
