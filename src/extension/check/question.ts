import * as vscode from 'vscode';
import { type Finding, keepsBack } from '../../core/check/finding.ts';
import { contexts } from '../ids.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import type { Found, Watch } from './watch.ts';
import { findingWords } from './words.ts';

const { t } = vscode.l10n;

/** Says when a next commit gets something that it should not have, once for each file; and tells the key of a commit to ask. */
export function askBefore(services: Services, watch: Watch): vscode.Disposable {
  let told = new Set<string>();
  return watch.onDidChange(() => {
    const bad = watch.found.filter(({ findings }) => findings.some(keepsBack));
    void vscode.commands.executeCommand('setContext', contexts.commitHasProblems, bad.length > 0);
    const now = new Set(bad.flatMap((found) => allOf(found).map(String)));
    const before = told;
    told = now;
    for (const found of bad)
      if (allOf(found).some((uri) => !before.has(uri.toString()))) void warn(services, watch, found);
  });
}

/**
 * VS Code lets nobody ask at its Commit button: what was committed there can be taken back, as long as it is in this repository alone. Whoever
 * was asked before is not asked again.
 */
export function askAfter(services: Services, watch: Watch): vscode.Disposable {
  return watch.onDidCommit((found) => {
    if (agreed.has(found.repository) || !found.findings.some(keepsBack)) return;
    void offerUndo(services, found);
  });
}

/** Repositories in which somebody commits after a question. */
const agreed = new Set<Found['repository']>();

async function offerUndo({ ui }: Services, found: Found): Promise<void> {
  const undo = t('Undo Last Commit');
  const [more, names, isOne] = named(found);
  const words = !names
    ? t('{0} names secrets that are missing after the last commit.', othersOf(found))
    : more
      ? t('The last commit has {0} and {1} more in it, which should not be there as they are.', names, more)
      : isOne
        ? t('The last commit has {0} in it, which should not be there as it is.', names)
        : t('The last commit has {0} in it, which should not be there as they are.', names);
  const chosen = await ui.warn(`${words} ${t('Undo it before it is pushed.')}`, undo);
  if (chosen === undo) await vscode.commands.executeCommand('git.undoCommit', found.repository.rootUri);
}

/** The files with something that keeps a commit back. */
function allOf({ repository, findings }: Found): vscode.Uri[] {
  const paths = new Set(findings.filter(keepsBack).map(({ path }) => path));
  return [...paths].map((path) => vscode.Uri.joinPath(repository.rootUri, path));
}

/** Those of them that the commit changes. */
function filesOf(found: Found): vscode.Uri[] {
  return allOf({ ...found, findings: found.findings.filter(({ path }) => found.paths.has(path)) });
}

const mostNames = 3;

/** The names of the first files, and how many more there are. */
function named(found: Found): readonly [more: number, names: string, isOne: boolean] {
  const files = filesOf(found);
  const names = files.slice(0, mostNames).map(fileName).join(', ');
  return [Math.max(0, files.length - mostNames), names, files.length === 1];
}

/** Files that the commit does not change, and that name a secret which it does not have. */
const othersOf = (found: Found) => allOf(found).slice(0, mostNames).map(fileName).join(', ');

function message(found: Found): string {
  const [more, names, isOne] = named(found);
  if (!names) return t('{0} names secrets that will be missing after the next commit.', othersOf(found));
  if (more) return t('The next commit should not have {0} and {1} more in it as they are.', names, more);
  return isOne
    ? t('The next commit should not have {0} in it as it is.', names)
    : t('The next commit should not have {0} in it as they are.', names);
}

/** What anybody can read who gets the commit. */
const readable: readonly Finding['code'][] = [
  'plain',
  'in-clear',
  'in-metadata',
  'rule-selects',
  'left-over',
  'private-key',
  'own-value',
];
const mostReasons = 5;

/** Why, file by file, and what follows from it. Names and places, no value. */
function reasons({ repository, findings, paths }: Found): string {
  const isElsewhere = ({ path }: Finding) => Number(!paths.has(path));
  const bad = findings.filter(keepsBack).sort((a, b) => isElsewhere(a) - isElsewhere(b));
  const lines = bad
    .slice(0, mostReasons)
    .map((one) => `• ${fileName(vscode.Uri.joinPath(repository.rootUri, one.path))}: ${findingWords(one)}`);
  if (bad.length > mostReasons) lines.push(t('• and {0} more', bad.length - mostReasons));
  if (bad.some(({ code }) => readable.includes(code)))
    lines.push(
      '',
      t('Plaintext in git history can be read by everybody who has the repository, also after it is deleted.'),
    );
  return lines.join('\n');
}

const verbs = () => ({ unstage: t('Unstage'), show: t('Show Problems'), commit: t('Commit Anyway') });

const canUnstage = (found: Found) => found.from === 'index' && filesOf(found).length > 0;

async function warn(services: Services, watch: Watch, found: Found): Promise<void> {
  const { unstage, show } = verbs();
  const chosen = await services.ui.warn(message(found), ...(canUnstage(found) ? [unstage] : []), show);
  if (chosen === unstage) await takeOut(watch, found);
  else if (chosen === show) await showProblems();
}

export const showProblems = async (): Promise<void> => {
  await vscode.commands.executeCommand('workbench.actions.view.problems');
};

async function takeOut(watch: Watch, found: Found): Promise<void> {
  await found.repository.revert(filesOf(found).map(({ fsPath }) => fsPath));
  await watch.look();
}

/** The key is held, or pressed once more before the answer: that is one question. */
let isAsking = false;

/** What the key of a commit does while something is wrong with it: asks, and then commits, or not. */
export async function commitAfterQuestion(services: Services, watch: Watch): Promise<void> {
  if (isAsking) return;
  isAsking = true;
  const found = await wanted(services, watch).finally(() => {
    isAsking = false;
  });
  if (!found) return;
  agreed.add(found.repository);
  try {
    await vscode.commands.executeCommand('git.commit', found.repository.rootUri);
  } finally {
    agreed.delete(found.repository);
  }
}

/** What is to be committed, after a question where one is needed; undefined where it is not. */
async function wanted(services: Services, watch: Watch): Promise<Found | undefined> {
  await watch.look();
  const [only, more] = watch.found;
  const found = more ? watch.found.find(({ repository }) => repository.ui.selected) : only;
  if (!found?.findings.some(keepsBack)) return found;
  const { unstage, show, commit } = verbs();
  const choices = [...(canUnstage(found) ? [unstage] : []), show, commit];
  // The person has asked for it by a key, and the button in front commits nothing: a quick answer is one.
  const chosen = await services.ui.choose(message(found), reasons(found), choices);
  if (chosen === commit) return found;
  if (chosen === unstage) await takeOut(watch, found);
  else if (chosen === show) await showProblems();
  return undefined;
}
