import * as vscode from 'vscode';
import { driverSettings, isSetUp } from '../../core/merge/driver.ts';
import type { GitDriver, Scope, Setting } from '../../core/platform/gitdriver.ts';
import { visible } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import { mayWrite } from '../session/trust.ts';
import { chooseFolder } from '../ui/folder.ts';
import { linesChanged, type Place, placeIn, textFor, textWithout, write } from './place.ts';

const { t } = vscode.l10n;

/** What there is to be written or taken away. */
interface Plan {
  readonly scope: Scope;
  readonly undo: boolean;
  /** They go into git's configuration; undefined: those that are there go. */
  readonly settings: readonly Setting[] | undefined;
  /** Of `.gitattributes`; undefined where it stays. */
  readonly text: string | undefined;
  /** For a person, line by line. */
  readonly preview: readonly string[];
}

/** Sets git up to merge encrypted files with Lockstep, or undoes that, after a person has seen what is written. */
export async function setUpGit(services: Services): Promise<void> {
  if (!(await mayWrite(services))) return;
  const { ui, platform } = services;
  const { git, gitDriver } = platform;
  const title = t('Set Up Git for Secrets');
  const folder = git && gitDriver && (await chooseFolder(ui, title));
  if (!git || !gitDriver) return void ui.info(t('Lockstep cannot run git here.'));
  const root = folder && (await git.workTreeOf(vscode.Uri.joinPath(folder.uri, 'x').fsPath));
  if (!folder || !root) return void ui.info(t('This folder is in no git repository.'));
  const place = await placeIn(services, folder.uri, root);
  const chosen = await ui.pick(await choices(gitDriver, place), {
    title,
    placeholder: t('Git merges encrypted files entry by entry then. What will be written is shown first.'),
  });
  if (!chosen) return;
  const program = chosen.undo ? undefined : await programFor(services, gitDriver);
  if (program === 'none') {
    const message = t('Git finds no lockstep on PATH. Install it: npm install -g lockstep. Then set up git again.');
    return void ui.warn(message);
  }
  const plan = chosen.undo
    ? await undoing(gitDriver, place, chosen.scope)
    : await doing(services, place, chosen.scope, program);
  await carryOut(services, gitDriver, place, plan);
}

async function choices(driver: GitDriver, place: Place) {
  const [local, global] = await Promise.all([
    driver.configured(place.root, 'local'),
    driver.configured(place.root, 'global'),
  ]);
  const state = (found: readonly Setting[]) => ({
    description: isSetUp(found) ? t('set up') : found.length > 0 ? t('not as it should be') : t('not set up'),
  });
  const hasLines = textWithout(place) !== undefined;
  return [
    { icon: 'repo', label: t('This Repository'), scope: 'local' as const, undo: false, ...state(local) },
    { icon: 'account', label: t('All of My Repositories'), scope: 'global' as const, undo: false, ...state(global) },
    ...(local.length > 0 || hasLines
      ? [{ icon: 'discard', label: t('Undo It in This Repository'), scope: 'local' as const, undo: true }]
      : []),
    ...(global.length > 0
      ? [{ icon: 'discard', label: t('Undo It for All of My Repositories'), scope: 'global' as const, undo: true }]
      : []),
  ];
}

/** The folder that git's PATH needs; undefined where it has `lockstep` already; `none` where it cannot find one. */
async function programFor({ cli }: Services, driver: GitDriver): Promise<string | undefined> {
  if (driver.isOnPath()) return undefined;
  return (driver.takesFolder ? await cli.shims() : undefined) ?? 'none';
}

async function doing(services: Services, place: Place, scope: Scope, program: string | undefined): Promise<Plan> {
  const text = await textFor(services, place);
  const settings = driverSettings(program);
  const now = await services.platform.gitDriver?.configured(place.root, scope);
  const isDone = isSetUp(now ?? []);
  return {
    scope,
    undo: false,
    settings: isDone ? [] : settings,
    text: text === place.text ? undefined : text,
    preview: [
      ...(isDone ? [] : [scopeLine(scope), ...settings.map(({ name, value }) => `+ ${name} = ${value}`), '']),
      ...attributeLines(place, text),
    ],
  };
}

/** Lines in `.gitattributes` are of this repository. */
async function undoing(driver: GitDriver, place: Place, scope: Scope): Promise<Plan> {
  const found = await driver.configured(place.root, scope);
  const text = scope === 'local' ? textWithout(place) : undefined;
  return {
    scope,
    undo: true,
    settings: found.length > 0 ? undefined : [],
    text,
    preview: [
      ...(found.length > 0 ? [scopeLine(scope), ...found.map(({ name, value }) => `- ${name} = ${value}`), ''] : []),
      ...(text === undefined ? [] : attributeLines(place, text)),
    ],
  };
}

const scopeLine = (scope: Scope) =>
  scope === 'local' ? t('git configuration of this repository:') : t('your git configuration:');

function attributeLines({ attributes, text }: Place, after: string): string[] {
  const changed = linesChanged(text, after);
  return changed.length > 0 ? [t('{0}, to be committed:', attributes.fsPath), ...changed] : [];
}

async function carryOut(services: Services, driver: GitDriver, place: Place, plan: Plan): Promise<void> {
  const { ui } = services;
  const { scope, undo, settings, text, preview } = plan;
  if (preview.length === 0) return void ui.info(t('Git is set up already: nothing changes.'));
  const sure = await ui.gesture(
    undo ? t('Undo what Set Up Git for Secrets has written?') : t('Set up git to merge encrypted files?'),
    preview.map(visible).join('\n'),
    undo ? t('Undo') : t('Set Up Git'),
  );
  if (!sure) return;
  const done =
    settings === undefined
      ? await driver.unconfigure(place.root, scope)
      : settings.length === 0 || (await driver.configure(place.root, scope, settings));
  if (!done) return void ui.error(t('Git did not change its configuration. Its file may be locked or read-only.'));
  if (text !== undefined) await write(services, place, text);
  if (undo) return void ui.info(t('Git merges these files as text again.'));
  await tellResult(services, driver, place, text !== undefined);
}

async function tellResult({ ui }: Services, driver: GitDriver, place: Place, wrote: boolean): Promise<void> {
  const folder = vscode.Uri.joinPath(place.attributes, '..').fsPath;
  const driven = await driver.drivenIn(folder, place.files);
  const all = place.files.length;
  const commit = wrote
    ? t('Commit .gitattributes: it changes nothing for those who have not set up git.')
    : t('Nothing has to be committed.');
  if (driven.size < all)
    return void ui.warn(
      t(
        'Git merges {0} of {1} encrypted files entry by entry: for the others, lines of yours win. {2}',
        driven.size,
        all,
        commit,
      ),
    );
  void ui.info(t('Git merges encrypted files entry by entry now. {0}', commit));
}
