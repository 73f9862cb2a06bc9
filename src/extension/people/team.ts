import * as vscode from 'vscode';
import { fromUtf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { looksSealed } from '../../core/format/which.ts';
import { type Names, namesIn } from '../../core/people/names.ts';
import { type TeamConfig, type TeamFile, withoutLinks } from '../../core/people/plan.ts';
import type { Journals } from '../../core/platform/journals.ts';
import { isChosen, mayBeSealed, mayHoldSecrets } from '../../core/survey/candidates.ts';
import { maxSurveyed, surveyFile } from '../../core/survey/facts.ts';
import { configName } from '../../core/view/names.ts';
import { diskOf, everyFileIn, readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { activeFile } from '../session/tabs.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** A workspace folder, and who is in it. */
export interface Team {
  readonly folder: vscode.Uri;
  /** The same, links followed: where all paths begin. */
  readonly root: string;
  readonly configs: readonly TeamConfig[];
  readonly files: readonly TeamFile[];
  readonly names: Names;
  /** A path of `configs` or `files` as VS Code knows it. */
  uri(path: string): vscode.Uri;
}

/**
 * The team of the workspace folder that a file is in, or the file in front, or the one that a person picks. Undefined when nothing is picked, and
 * where there is no `.sops.yaml`, which is told. Throws TOO_LARGE where there are too many files, NOT_A_FILE on no disk, and what reading a
 * `.sops.yaml` throws.
 */
export async function teamOf(
  services: Services,
  near: vscode.Uri | undefined,
  title: string,
): Promise<Team | undefined> {
  const folder = await folderOf(services, near, title);
  if (!folder) return undefined;
  const { journals } = services.platform;
  if (!diskOf(services.platform, folder) || !journals) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  const options = { location: vscode.ProgressLocation.Window, title: t('Looking who can read what…') };
  const team = await vscode.window.withProgress(options, async () =>
    look(services, folder, await journals.real(folder.fsPath), journals.real),
  );
  if (team.configs.length > 0) return team;
  void services.ui.info(t('There is no {0} in this workspace folder yet. Set up secrets first.', configName));
  return undefined;
}

async function folderOf(
  { ui }: Services,
  near: vscode.Uri | undefined,
  title: string,
): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const file = near ?? activeFile();
  const found = file && vscode.workspace.getWorkspaceFolder(file);
  if (found ?? folders.length < 2) return (found ?? folders[0])?.uri;
  return (
    await ui.pick(
      folders.map(({ name, uri }) => ({ icon: 'root-folder', label: name, uri })),
      { title },
    )
  )?.uri;
}

async function look(services: Services, folder: vscode.Uri, root: string, real: Journals['real']): Promise<Team> {
  // Who reads which file is changed by what is found here: of a rule that is new the system may tell late.
  await services.rules.renew();
  const found = await everyFileIn(services.platform, folder);
  const pathOf = (uri: vscode.Uri) => root + uri.fsPath.slice(folder.fsPath.length);
  const configs: TeamConfig[] = [];
  const files: TeamFile[] = [];
  for (const uri of found.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (uri.path.endsWith(`/${configName}`)) configs.push(...(await readConfig(services, uri, pathOf(uri))));
    else files.push(...(await lookAt(services, uri, pathOf)));
  }
  return {
    folder,
    root,
    configs,
    files: await withoutLinks(files, root, real),
    names: namesIn(configs.map(({ text }) => text).join('\n')),
    uri: (path) => vscode.Uri.file(folder.fsPath + path.slice(root.length)),
  };
}

/** None where git knows a file that is gone. */
async function readConfig({ platform }: Services, uri: vscode.Uri, path: string): Promise<TeamConfig[]> {
  const content = await diskOf(platform, uri)?.readIfThere(uri.fsPath);
  return content ? [{ path, content, text: fromUtf8(content.bytes) }] : [];
}

/** None for a file that is no business of ours. */
async function lookAt(
  { platform, rules }: Services,
  uri: vscode.Uri,
  pathOf: (uri: vscode.Uri) => string,
): Promise<TeamFile[]> {
  const found = () => rules.find(uri);
  const rule = async () => (await found())?.rule;
  const read = () => readAnywhere(platform, uri, maxSurveyed);
  const isNamed = mayHoldSecrets(uri.path) || isChosen(uri.path, await rule().catch(() => undefined));
  // Under whatever name: nobody who reads an encrypted file must be overlooked.
  if (!isNamed && !(mayBeSealed(uri.path) && looksSealed(await read().catch(() => new Uint8Array())))) return [];
  const facts = await surveyFile(uri.path, read, rule);
  if (isNamed ? facts.kind === 'none' : facts.kind !== 'encrypted') return [];
  const config = await found().catch(() => undefined);
  return [{ path: pathOf(uri), facts, config: config && pathOf(config.config) }];
}

/** A path of a team as a person knows it. */
export const label = (team: Team, path: string): string => fileName(team.uri(path));
