import * as vscode from 'vscode';
import type { At } from '../../core/platform/git.ts';
import type { Services } from '../services.ts';
import { findFiles } from '../session/target.ts';
import { requireTrust } from '../session/trust.ts';
import type { Choice } from '../ui/ui.ts';
import { fileName } from '../ui/words.ts';
import { VersionsPanel } from '../versions/panel.ts';
import { choosePast } from '../versions/picking.ts';
import { gitOf, versionAt, versionNow } from '../versions/reading.ts';
import { Comparing, type End } from './comparing.ts';

const { t } = vscode.l10n;

type Ends = readonly [before: End, after: End];

/**
 * Compares what a command names: an item of the Source Control view as its group is compared, two files that are selected in the
 * explorer with each other, a file with what a person chooses. Nothing is asked for and nothing given but names. Undefined when the person chose nothing.
 */
export async function compareSecrets(services: Services, ids: readonly unknown[]): Promise<VersionsPanel | undefined> {
  const ends = changeOf(services, ids[0]) ?? (await filesOf(services, ids));
  return ends && open(services, ends);
}

async function open(services: Services, [before, after]: Ends): Promise<VersionsPanel> {
  const driver = new Comparing(services, before, after);
  await driver.refresh();
  const panel = new VersionsPanel(services, driver, t('Compare Secrets'));
  driver.onDidChange(() => panel.update());
  return panel;
}

/** As the git extension numbers its groups: conflicts, staged, changed. */
const groups = { merge: 0, index: 1, workingTree: 2 } as const;

/** The sides of a change that git's view lists; undefined for anything else. */
function changeOf(services: Services, item: unknown): Ends | undefined {
  if (typeof item !== 'object' || item === null || !('resourceUri' in item)) return undefined;
  const { resourceUri: uri } = item;
  if (!(uri instanceof vscode.Uri)) return undefined;
  requireTrust();
  const group = 'resourceGroupType' in item ? item.resourceGroupType : undefined;
  if (group === groups.merge) return [inGit(services, uri, 2, t('Ours')), inGit(services, uri, 3, t('Theirs'))];
  const index = inGit(services, uri, 'index', t('Index'));
  if (group === groups.index) return [head(services, uri), index];
  return [group === groups.workingTree ? index : head(services, uri), onDisk(services, uri)];
}

const inGit = (services: Services, uri: vscode.Uri, at: At, title: string): End => ({
  ...{ uri, title },
  read: () => versionAt(services, uri, at),
});
const head = (services: Services, uri: vscode.Uri) => inGit(services, uri, 'head', 'HEAD');
const onDisk = (services: Services, uri: vscode.Uri, title = t('Working Tree')): End => ({
  ...{ uri, title, isFile: true },
  read: () => versionNow(services, uri),
});

async function filesOf(services: Services, ids: readonly unknown[]): Promise<Ends | undefined> {
  const files = findFiles(ids);
  const [one, other] = files;
  if (!one) {
    void services.ui.info(t('Open a file first.'));
    return undefined;
  }
  if (files.length === 2 && other) return twoFiles(services, one, other);
  return chosen(services, one);
}

const twoFiles = (services: Services, one: vscode.Uri, other: vscode.Uri): Ends => [
  onDisk(services, one, fileName(one)),
  onDisk(services, other, fileName(other)),
];

interface Way extends Choice {
  readonly ends: () => Promise<Ends | undefined>;
}

async function chosen(services: Services, uri: vscode.Uri): Promise<Ends | undefined> {
  const now = onDisk(services, uri);
  const ways: Way[] = [
    ...(await waysOfGit(services, uri, now)),
    { icon: 'files', label: t('Another File…'), ends: () => withFile(services, uri) },
  ];
  const way = await services.ui.pick(ways, {
    title: t('Compare Secrets'),
    placeholder: t('Compare {0} with what?', fileName(uri)),
  });
  return way?.ends();
}

/** None outside git, in a browser and without trust. */
async function waysOfGit(services: Services, uri: vscode.Uri, now: End): Promise<Way[]> {
  if (!vscode.workspace.isTrusted || uri.scheme !== 'file') return [];
  if ((await services.platform.git?.isTracked(uri.fsPath)) !== true) return [];
  const index = inGit(services, uri, 'index', t('Index'));
  return [
    { icon: 'git-commit', label: t('The Last Commit'), ends: async () => [head(services, uri), now] },
    { icon: 'diff', label: t('What Is Staged'), ends: async () => [index, now] },
    {
      icon: 'diff-added',
      label: t('The Last Commit and What Is Staged'),
      ends: async () => [head(services, uri), index],
    },
    { icon: 'history', label: t('An Older Commit…'), ends: () => withCommit(services, uri, now) },
  ];
}

async function withCommit(services: Services, uri: vscode.Uri, now: End): Promise<Ends | undefined> {
  const past = await choosePast(services, gitOf(services, uri), uri, t('Compare Secrets'));
  return past && [inGit(services, past.uri, past.commit, past.name), now];
}

/** The other encrypted files of the workspace, and any file. */
async function withFile(services: Services, uri: vscode.Uri): Promise<Ends | undefined> {
  const { inventory, ui } = services;
  await inventory.ready();
  const others = inventory.files.filter(
    ({ uri: one, facts }) => facts.kind === 'encrypted' && String(one) !== String(uri),
  );
  const items: (Choice & { readonly uri?: vscode.Uri })[] = [
    ...others.map((one) => ({ icon: 'lock', label: fileName(one.uri), uri: one.uri })),
    { icon: 'folder-opened', label: t('Choose a File…') },
  ];
  const found = await ui.pick(items, {
    title: t('Compare Secrets'),
    placeholder: t('Compare {0} with which file?', fileName(uri)),
  });
  if (!found) return undefined;
  const other = found.uri ?? (await ui.openFile({ title: t('Choose a Secret File') }));
  return other && twoFiles(services, uri, other);
}
