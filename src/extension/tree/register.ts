import * as vscode from 'vscode';
import { commands, contexts, peopleView, secretsView } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { idOfRef, uriOf } from '../session/target.ts';
import { later } from '../surface.ts';
import { openEntry } from '../survey/entries.ts';
import { Rotations } from '../survey/rotations.ts';
import { encryptListed, rotateListed, updateListed } from './bulk.ts';
import { type By, PeopleProvider } from './people.ts';
import { SecretsProvider } from './secrets.ts';
import type { Snapshot } from './snapshot.ts';
import { filesCount } from './words.ts';

const { t } = vscode.l10n;

/** workspaceState: how *People × Files* is put together. */
const byKey = 'lockstep.listedBy';
/** Milliseconds in which changes are gathered. */
const gather = 100;
/** Milliseconds after which a workspace with rules is searched, whether a view is open or not: the badge says what differs. */
const afterStart = 3_000;

/** The views of the activity bar: *Secrets* and *People × Files*. */
export function register(services: Services): Feature {
  const { inventory, exposed, vault, context } = services;
  const rotations = new Rotations(services.platform);
  const secrets = new SecretsProvider(services);
  const people = new PeopleProvider(services, rotations, () => secrets.snapshot);
  const views = [
    vscode.window.createTreeView(secretsView, {
      treeDataProvider: secrets,
      canSelectMany: true,
      showCollapseAll: true,
    }),
    vscode.window.createTreeView(peopleView, { treeDataProvider: people, canSelectMany: true, showCollapseAll: true }),
  ] as const;
  const listBy = async (by: By) => {
    people.by = by;
    void vscode.commands.executeCommand('setContext', contexts.listedBy, by);
    people.refresh();
    await context.workspaceState.update(byKey, by);
  };
  const draw = later(gather, () => {
    secrets.refresh();
    people.refresh();
    void secrets.snapshot.then((snapshot) => tell(services, views, snapshot));
  });
  const look = () => {
    if (views.some(({ visible }) => visible)) void inventory.ready();
  };
  void listBy(context.workspaceState.get<By>(byKey) === 'file' ? 'file' : 'person');
  look();
  const timer = setTimeout(() => void searchWithRules(services), afterStart);
  const entry = async (id: string, args: readonly unknown[]) => {
    const [uri, leaf] = [uriOf(args[0]), idOfRef(args)];
    if (!uri || leaf === undefined) return;
    await openEntry(services, uri, leaf);
    if (id !== commands.openEntry) await vscode.commands.executeCommand(id, uri.toString(), leaf);
  };
  return {
    commands: {
      [commands.openEntry]: (...args) => entry(commands.openEntry, args),
      [commands.copyEntry]: (...args) => entry(commands.copyValue, args),
      [commands.setEntry]: (...args) => entry(commands.setValue, args),
      [commands.encryptListed]: (...args) => encryptListed(services, args),
      [commands.updateListed]: (...args) => updateListed(services, args),
      [commands.rotateListed]: (...args) => rotateListed(services, args),
      [commands.listByFile]: () => listBy('file'),
      [commands.listByPerson]: () => listBy('person'),
      [commands.refreshViews]: () => refresh(services),
    },
    disposable: vscode.Disposable.from(
      ...[...views, secrets, people, rotations, draw],
      { dispose: () => clearTimeout(timer) },
      ...views.map((view) => view.onDidChangeVisibility(look)),
      inventory.onDidChange(() => draw.start()),
      exposed.onDidChange(() => draw.start()),
      vault.onDidChange(() => draw.start()),
      rotations.onDidChange(() => people.refresh()),
    ),
  };
}

/** A workspace without rules is searched when somebody opens a view. */
async function searchWithRules({ inventory }: Services): Promise<void> {
  const found = await vscode.workspace.findFiles('**/.sops.yaml', '**/node_modules/**', 1);
  if (found.length > 0) await inventory.ready();
}

async function refresh({ inventory }: Services): Promise<void> {
  const options = { location: { viewId: secretsView } };
  await vscode.window.withProgress(options, () => inventory.refresh());
}

type Views = readonly [vscode.TreeView<unknown>, vscode.TreeView<unknown>];

/** What stands beside the rows: the numbers at the icon, and how far the search is. */
function tell({ inventory }: Services, [secrets, people]: Views, { files }: Snapshot): void {
  const count = (...conditions: string[]) => files.filter(({ condition }) => conditions.includes(condition)).length;
  const [broken, differ] = [count('damaged', 'conflict'), count('differs', 'bad-rule')];
  secrets.badge =
    broken === 0 ? undefined : { value: broken, tooltip: t('{0} damaged, or in a merge conflict', filesCount(broken)) };
  people.badge =
    differ === 0
      ? undefined
      : { value: differ, tooltip: t('{0} with other readers than their rules name', filesCount(differ)) };
  void vscode.commands.executeCommand('setContext', contexts.drift, differ > 0);
  secrets.description = files.length === 0 ? '' : filesCount(files.length);
  people.description = differ === 0 ? '' : t('{0} differ', differ);
  secrets.message = inventory.searching && files.length === 0 ? t('Looking for secret files…') : cutNote(inventory.cut);
}

const cutNote = (cut: boolean) =>
  cut ? t('This workspace holds too many files: some were not looked at. Open a folder of it.') : undefined;
