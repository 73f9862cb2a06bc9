import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { mayWrite } from '../session/trust.ts';
import { showCommitBadges } from './badges.ts';
import { showFindings } from './problems.ts';
import { askAfter, askBefore, commitAfterQuestion, showProblems } from './question.ts';
import { Watch } from './watch.ts';

const { t } = vscode.l10n;

/** What should not be committed: a problem on each line, a badge on each file, a question before the commit. */
export function register(services: Services): Feature {
  const watch = new Watch(services);
  return {
    commands: {
      [commands.checkCommit]: () => checkNow(services, watch),
      [commands.commitChecked]: () => commitAfterQuestion(services, watch),
    },
    disposable: vscode.Disposable.from(
      ...[
        showFindings(services, watch),
        showCommitBadges(services, watch),
        askBefore(services, watch),
        askAfter(services, watch),
        watch,
      ],
    ),
  };
}

async function checkNow(services: Services, watch: Watch): Promise<void> {
  const { ui, platform } = services;
  if (!(await mayWrite(services))) return;
  if (!platform.git) return void ui.info(t('Lockstep cannot ask git here.'));
  await watch.lookAtOnce();
  if (watch.found.length === 0) return void ui.info(t('VS Code’s git extension knows no repository in this window.'));
  const all = watch.found.flatMap(({ findings }) => findings);
  if (all.length > 0) return showProblems();
  void ui.info(t('Nothing was found in the next commit.'));
}
