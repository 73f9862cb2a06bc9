import * as vscode from 'vscode';
import { isScanned, type Located, maxScanned } from '../../core/scan/scan.ts';
import { readAnywhere, unsearched } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import type { Known } from './known.ts';
import type { Problems } from './problems.ts';

const { t } = vscode.l10n;

/** More files than this are not looked at. */
const most = 1_000_000;
/** Milliseconds of work between two rests, in which the editor gets its turn. */
const slice = 15;
/** Files that are read at the same time. */
const together = 16;

interface Sum {
  files: number;
  secrets: number;
  looked: number;
  unread: number;
  shut: number;
}

/** Looks for secrets in all files of the workspace that git does not ignore, and lists them as problems. */
export async function findInWorkspace(services: Services, known: Known, problems: Problems): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('Looking for hard-coded secrets'),
    cancellable: true,
  };
  const sum: Sum = { files: 0, secrets: 0, looked: 0, unread: 0, shut: 0 };
  const isDone = await vscode.window.withProgress(options, async (progress, token) => {
    const { shut } = await known.readOwn(token);
    sum.shut = shut;
    const files = (await filesOf(services)).filter(({ path }) => isScanned(path));
    let rested = performance.now();
    for (let at = 0; at < files.length && !token.isCancellationRequested; at += together) {
      const some = files.slice(at, at + together);
      for (const [i, found] of (await Promise.all(some.map((uri) => foundAt(services, known, uri)))).entries())
        add(sum, problems, some[i] as vscode.Uri, found);
      if (performance.now() - rested < slice) continue;
      progress.report({ message: t('{0} of {1} files', at, files.length), increment: (100 * together) / files.length });
      await new Promise((resolve) => setTimeout(resolve));
      rested = performance.now();
    }
    return !token.isCancellationRequested;
  });
  await tell(services, sum, isDone);
}

async function filesOf({ platform }: Services): Promise<vscode.Uri[]> {
  const all: vscode.Uri[] = [];
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    // git runs in the repository: only where the workspace is trusted.
    const known =
      vscode.workspace.isTrusted && uri.scheme === 'file' ? await platform.git?.filesIn(uri.fsPath) : undefined;
    // In a folder that a repository around it ignores git knows of none.
    if (known && known.length > 0) all.push(...known.map((path) => vscode.Uri.joinPath(uri, path)));
    else all.push(...(await vscode.workspace.findFiles(new vscode.RelativePattern(uri, '**/*'), unsearched, most)));
  }
  return all.slice(0, most);
}

/** What is open counts as it is in the editor. Undefined for what is too large, or cannot be read. */
async function foundAt({ platform }: Services, known: Known, uri: vscode.Uri): Promise<Located[] | undefined> {
  const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (open) return known.look(uri, open.getText());
  const bytes = await readAnywhere(platform, uri, maxScanned).catch(() => undefined);
  return bytes && known.look(uri, bytes);
}

function add(sum: Sum, problems: Problems, uri: vscode.Uri, found: readonly Located[] | undefined): void {
  if (!found) {
    sum.unread++;
    return;
  }
  sum.looked++;
  problems.show(uri, found);
  if (found.length === 0) return;
  sum.files++;
  sum.secrets += found.length;
}

function foundWords(secrets: number, files: number): string {
  if (secrets === 1) return t('1 hard-coded secret was found.');
  if (files === 1) return t('{0} hard-coded secrets were found in 1 file.', secrets);
  return t('{0} hard-coded secrets were found in {1} files.', secrets, files);
}

async function tell(
  { ui, vault }: Services,
  { files, secrets, looked, unread, shut }: Sum,
  isDone: boolean,
): Promise<void> {
  const left = vault.locked
    ? t('Lockstep is locked, so copies of your own values were not looked for.')
    : shut === 0
      ? ''
      : shut === 1
        ? t('1 encrypted file did not open, so copies of its values were not looked for.')
        : t('{0} encrypted files did not open, so copies of their values were not looked for.', shut);
  const show = t('Show Problems');
  const what =
    secrets === 0
      ? looked === 1
        ? t('No hard-coded secret was found in 1 file.')
        : t('No hard-coded secret was found in {0} files.', looked)
      : foundWords(secrets, files);
  const words = [
    what,
    ...(isDone ? [] : [t('The search was stopped.')]),
    ...(unread > 0 ? [t('Not looked into, since they are over 2 MB or cannot be read: {0}.', unread)] : []),
    ...(left ? [left] : []),
  ].join(' ');
  if (secrets === 0) void ui.info(words);
  else if ((await ui.warn(words, show)) === show)
    await vscode.commands.executeCommand('workbench.actions.view.problems');
}
