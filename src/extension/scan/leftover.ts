import * as vscode from 'vscode';
import { isDecrypted, isLeftOver, readLocalHistory } from '../../core/scan/leftover.ts';
import type { OwnValues } from '../../core/scan/values.ts';
import { unsurveyedFolders } from '../../core/survey/candidates.ts';
import { readOrdinary } from '../ordinary.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';
import type { Known } from './known.ts';

const { t } = vscode.l10n;

const maxSize = 5 * 1024 * 1024;
const maxList = 1024 * 1024;
const most = 20_000;

/** A file in which values stand as plaintext. Names only. */
interface Left {
  readonly uri: vscode.Uri;
  /** What people call its place. */
  readonly place: string;
  /** The names of the secrets. */
  readonly names: readonly string[];
}

/** Looks for copies of secret files that programs left behind, and for VS Code's Local History of them; removes those that a person chooses. */
export async function findLeftOver(services: Services, known: Known): Promise<void> {
  if (!(await mayWrite(services)) || !(await askToUnlock(services))) return;
  const { ui } = services;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('Looking for left-over plaintext'),
    cancellable: true,
  };
  const found = await vscode.window.withProgress(options, async (progress, token) => {
    const { own, open, shut } = await known.readOwn(token);
    if (token.isCancellationRequested) return 'stopped';
    if (open === 0) return undefined;
    const left: Left[] = [];
    const candidates = [...(await copies()), ...(await localHistory(services)), ...(await unsavedTexts(services))];
    for (const [i, { uri, place }] of candidates.entries()) {
      if (token.isCancellationRequested) return 'stopped';
      progress.report({ message: t('{0} of {1} files', i, candidates.length) });
      const names = await namesIn(uri, own);
      if (names.length > 0) left.push({ uri, place, names });
    }
    return { left, shut };
  });
  if (found === 'stopped') return;
  if (!found) void ui.info(t('No encrypted file of this workspace opens, so there is nothing to look for.'));
  else if (found.left.length === 0) void ui.info(sumOf(found.shut));
  else await offer(services, found.left);
}

const sumOf = (shut: number) =>
  shut === 0
    ? t('No left-over file holds a value of the encrypted files of this workspace.')
    : t('No left-over file holds a value of those encrypted files that open. Not open: {0}.', shut);

async function namesIn(uri: vscode.Uri, own: OwnValues): Promise<string[]> {
  const bytes = await readOrdinary(uri, maxSize).catch(() => undefined);
  if (!bytes) return [];
  const names = [...new Set(own.find(bytes).map(({ secret }) => `${secret.file}: ${secret.entry}`))];
  // Its values may be too short, or too common, to be looked for.
  return names.length === 0 && isDecrypted(uri.path, bytes) ? [t('a decrypted file, by its name')] : names;
}

interface Candidate {
  readonly uri: vscode.Uri;
  readonly place: string;
}

/** In all folders of the workspace, those that git ignores too: that is where such files are. */
async function copies(): Promise<Candidate[]> {
  const without = `**/{${unsurveyedFolders.filter((one) => one !== '.lockstep').join(',')}}/**`;
  const all = await vscode.workspace.findFiles('**/*', without, most * 5);
  return all
    .filter(({ path }) => isLeftOver(path))
    .slice(0, most)
    .map((uri) => ({ uri, place: '' }));
}

/** What VS Code kept of files of this workspace when they were saved. It is beside the storage of extensions. */
async function localHistory({ context }: Services): Promise<Candidate[]> {
  const root = vscode.Uri.joinPath(context.globalStorageUri, '..', '..', 'History');
  const found: Candidate[] = [];
  for (const folder of await inFolder(root, vscode.FileType.Directory)) {
    const history = readLocalHistory(await textAt(vscode.Uri.joinPath(folder, 'entries.json'), maxList));
    const of = history && ofWorkspace(history.resource);
    if (!of) continue;
    for (const id of history.ids)
      found.push({
        uri: vscode.Uri.joinPath(folder, id),
        place: t('Local History of {0}', vscode.workspace.asRelativePath(of)),
      });
  }
  return found;
}

/**
 * What VS Code kept of unsaved texts of this workspace and did not take away; not of those that are unsaved now. It is beside the Local History,
 * or on a desktop one folder above: one folder for each window, and in it one for each kind of address.
 */
async function unsavedTexts({ context }: Services): Promise<Candidate[]> {
  const unsaved = new Set(vscode.workspace.textDocuments.filter((one) => one.isDirty).map(({ uri }) => uri.toString()));
  const found: Candidate[] = [];
  for (const up of ['../..', '../../..'])
    for (const window of await inFolder(
      vscode.Uri.joinPath(context.globalStorageUri, up, 'Backups'),
      vscode.FileType.Directory,
    ))
      for (const kind of await inFolder(window, vscode.FileType.Directory))
        for (const uri of await inFolder(kind, vscode.FileType.File)) {
          const [address = ''] = (await textAt(uri, maxSize)).split(/[ \n]/, 1);
          const of = ofWorkspace(address);
          if (of && !unsaved.has(of.toString()))
            found.push({ uri, place: t('unsaved text of {0}', vscode.workspace.asRelativePath(of)) });
        }
  return found;
}

/** What is in a folder; nothing where there is none. */
async function inFolder(folder: vscode.Uri, wanted: vscode.FileType): Promise<vscode.Uri[]> {
  const all = await Promise.resolve(vscode.workspace.fs.readDirectory(folder)).catch(() => []);
  return all
    .filter(([, type]) => type === wanted)
    .slice(0, most)
    .map(([name]) => vscode.Uri.joinPath(folder, name));
}

/** Empty for a file that is too large, or cannot be read. */
const textAt = (uri: vscode.Uri, size: number): Promise<string> =>
  readOrdinary(uri, size).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => '',
  );

/** The file of this workspace that an address leads to. */
function ofWorkspace(resource: string): vscode.Uri | undefined {
  try {
    const uri = vscode.Uri.parse(resource, true);
    return vscode.workspace.getWorkspaceFolder(uri) ? uri : undefined;
  } catch {
    return undefined;
  }
}

const mostNames = 3;

async function offer({ ui }: Services, left: readonly Left[]): Promise<void> {
  const items = left.map((one) => ({
    label: one.place === '' ? fileName(one.uri) : one.uri.path.slice(one.uri.path.lastIndexOf('/') + 1),
    ...(one.place === '' ? {} : { description: one.place }),
    detail:
      one.names.length <= mostNames
        ? one.names.join(', ')
        : t('{0} and {1} more', one.names.slice(0, mostNames).join(', '), one.names.length - mostNames),
    one,
  }));
  const chosen = await ui.pickMany(items, {
    title: t('Left-Over Plaintext'),
    placeholder: t('Which of these files do you want to remove?'),
  });
  if (!chosen || chosen.length === 0) return;
  const agreed = await ui.gesture(
    chosen.length === 1
      ? t('Remove {0}?', (chosen[0] as (typeof items)[number]).label)
      : t('Remove {0} files?', chosen.length),
    t(
      'They are removed from the disk, and do not go to the trash, where the values could be read. Backups and copies elsewhere stay.',
    ),
    t('Remove'),
  );
  if (!agreed) return;
  let failed = 0;
  for (const { one } of chosen) {
    try {
      await vscode.workspace.fs.delete(one.uri, { useTrash: false });
    } catch {
      failed++;
    }
  }
  if (failed > 0) void ui.warn(t('{0} of {1} files could not be removed.', failed, chosen.length));
  else void ui.info(chosen.length === 1 ? t('1 file is removed.') : t('{0} files are removed.', chosen.length));
}
