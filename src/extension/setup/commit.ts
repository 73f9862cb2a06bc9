import * as vscode from 'vscode';
import { shellQuoted } from '../../core/shell.ts';
import { configName } from '../../core/view/names.ts';
import { readAnywhere } from '../elsewhere.ts';
import { exists } from '../exists.ts';
import { repositoryOf } from '../outside.ts';
import type { Services } from '../services.ts';
import { changesOf, isUnderWay, type Repository, repositoryOfFolder } from '../survey/gitapi.ts';
import { fileName } from '../ui/words.ts';
import { mayCommit } from './committable.ts';
import type { Desk, Outcome } from './desk.ts';

const { t } = vscode.l10n;

/** The encrypted files of the folder, and every `.sops.yaml` in it. */
async function filesToCommit({ services, folder, secret }: Desk): Promise<readonly vscode.Uri[]> {
  const files = (await secret()).map(({ uri }) => uri);
  const configs = await Promise.all(files.map((uri) => services.rules.placeFor(uri)));
  const all = [vscode.Uri.joinPath(folder.uri, configName), ...configs.flatMap((one) => one ?? []), ...files];
  const once = [...new Map(all.map((uri) => [uri.toString(), uri])).values()];
  const there = await Promise.all(once.map(exists));
  return once.filter((_, i) => there[i]);
}

/** How many files are committed as they are; undefined while one is not, or nobody knows. */
export async function committed(desk: Desk): Promise<number | undefined> {
  const repository = await repositoryOfFolder(desk.folder.uri);
  if (!repository) return undefined;
  await repository.status();
  const files = await filesToCommit(desk);
  const { all } = changesOf(repository);
  const { git } = desk.services.platform;
  for (const { fsPath } of files) if (all.has(fsPath) || !(await git?.isTracked(fsPath))) return undefined;
  return files.length > 0 ? files.length : undefined;
}

/** Stages and commits the encrypted files and their rules, and nothing else; where it cannot, says what to run. */
export async function commit(desk: Desk, title: string): Promise<Outcome> {
  const { services, folder } = desk;
  const { ui } = services;
  const files = await filesToCommit(desk);
  const repository = await repositoryOfFolder(folder.uri);
  if (!repository) return sayWhatToRun(desk, files);
  await repository.status();
  if (await isUnderWay(repository)) {
    void ui.warn(t('Git is in the middle of a merge or rebase. Finish it, then commit the encrypted files.'));
    return 'left';
  }
  const { all, staged } = changesOf(repository);
  const changed = files.filter(({ fsPath }) => all.has(fsPath));
  if (changed.length === 0) {
    void ui.info(t('Every encrypted file is committed, or git ignores it.'));
    return 'done';
  }
  const others = staged.filter((path) => !changed.some(({ fsPath }) => fsPath === path)).length;
  const names = changed.slice(0, 5).map(fileName).join(', ') + (changed.length > 5 ? ', …' : '');
  const message = await ui.input({
    title,
    prompt:
      others > 0
        ? t('Stages {0}. Other changes are staged too, so you commit them yourself.', names)
        : t('Stages and commits {0}, and nothing else, with this message.', names),
    value: changed.every(({ path }) => path.endsWith(configName))
      ? t('Say who can read the secrets')
      : t('Encrypt secrets'),
    validate: (text) => (text.trim() === '' ? t('A commit needs a message.') : undefined),
  });
  if (message === undefined) return 'left';
  const plain = await stage(services, repository, changed);
  if (plain) {
    void ui.warn(t('{0} has plaintext in it, or a private key. Nothing was committed.', fileName(plain)));
    return 'left';
  }
  return finish(services, repository, message, changed.length, others > 0);
}

/**
 * Puts files into the index, after a look at each that it is encrypted, and once more at what the index has then: it is that which is
 * committed, and the file may be another one by now. Resolves to one that is not encrypted; then nothing is staged.
 */
async function stage(
  { platform }: Services,
  repository: Repository,
  files: readonly vscode.Uri[],
): Promise<vscode.Uri | undefined> {
  for (const uri of files) if (!(await mayCommit(uri.path, await readAnywhere(platform, uri)))) return uri;
  const paths = files.map(({ fsPath }) => fsPath);
  await repository.add(paths);
  for (const uri of files) {
    const indexed = await repository.buffer('', uri.fsPath).catch(() => undefined);
    if (indexed && (await mayCommit(uri.path, indexed))) continue;
    await repository.revert(paths);
    return uri;
  }
  return undefined;
}

async function finish(
  { ui }: Services,
  repository: Repository,
  message: string,
  count: number,
  others: boolean,
): Promise<Outcome> {
  const files = count === 1 ? t('1 file') : t('{0} files', count);
  const open = t('Open Source Control');
  const show = async (text: string) => {
    repository.inputBox.value = message;
    if ((await ui.warn(text, open)) === open) await vscode.commands.executeCommand('workbench.view.scm');
  };
  if (others) {
    void show(t('{0} staged. Other changes are staged too: look at them, then commit.', files));
    return 'left';
  }
  try {
    await repository.commit(message);
  } catch {
    // What a hook prints may quote a line of a file.
    void show(t('{0} staged, but git did not commit. Its output, in the panel, says why.', files));
    return 'left';
  }
  void ui.info(t('{0} committed. Push when you are ready.', files));
  return 'done';
}

/** A path as a word for a shell. */
const quoted = (path: string) => (/^[\w./-]+$/.test(path) ? path : shellQuoted(path));

async function sayWhatToRun({ services, folder }: Desk, files: readonly vscode.Uri[]): Promise<Outcome> {
  const { ui } = services;
  if (files.length === 0) {
    void ui.info(t('There is nothing to commit yet.'));
    return 'left';
  }
  const paths = files.map((uri) => quoted(uri.path.slice(folder.uri.path.length + 1))).join(' ');
  const inGit = (await repositoryOf(vscode.Uri.joinPath(folder.uri, 'x'))) !== undefined;
  const lines = [...(inGit ? [] : ['git init']), `git add -- ${paths}`, `git commit -m 'Encrypt secrets' -- ${paths}`];
  const copy = t('Copy Commands');
  const message = inGit
    ? t('VS Code’s git extension does not know this folder. Commit the encrypted files in a terminal.')
    : t('This folder is in no git repository. Make one, and commit the encrypted files.');
  void ui.info(message, copy).then(async (verb) => {
    if (verb === copy) await ui.writeClipboard(`${lines.join('\n')}\n`);
  });
  return 'left';
}
