import * as vscode from 'vscode';
import { environmentOf } from '../../core/survey/environment.ts';
import { visible } from '../../core/tree/path.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { inert } from '../ui/inert.ts';
import { folderInFront } from './folder.ts';

const { t } = vscode.l10n;

/** Signs of a name that the status bar has room for. */
const longest = 30;

/** What the status bar says of the active environment, and that production is no place to try things. */
function itemText(word: string | undefined): { text: string; tooltip: string; label: string; careful: boolean } {
  if (word === undefined)
    return {
      text: `$(server-environment) ${t('No environment')}`,
      tooltip: t('Programs that are run with secrets get none until an environment is chosen. Click to choose one.'),
      label: t('Lockstep: no environment is chosen. Press to choose one.'),
      careful: false,
    };
  const careful = environmentOf(word) === 'production';
  const shown = visible(word.length > longest ? `${word.slice(0, longest)}…` : word);
  return {
    text: `$(${careful ? 'flame' : 'server-environment'}) ${inert(shown)}`,
    tooltip: careful
      ? t('Programs that are run with secrets get those of {0}, which is production. Click to switch.', inert(shown))
      : t('Programs that are run with secrets get those of {0}. Click to switch.', inert(shown)),
    label: t('Lockstep: environment {0}. Press to switch.', shown),
    careful,
  };
}

/** The active environment of the folder in front, in the status bar; nothing where there is none to choose. */
export function showActive(services: Services): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('lockstep.environment', vscode.StatusBarAlignment.Right, 99);
  item.name = t('Lockstep: Environment');
  item.command = commands.switchEnvironment;
  let drawn = 0;
  const draw = async () => {
    const turn = ++drawn;
    const folder = folderInFront();
    const state = folder && vscode.workspace.isTrusted ? await stateOf(services, folder) : undefined;
    if (turn !== drawn) return;
    if (!state) return item.hide();
    const { text, tooltip, label, careful } = state;
    // VS Code has no such background in high contrast.
    const bare = vscode.window.activeColorTheme.kind === vscode.ColorThemeKind.HighContrast;
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label, role: 'button' };
    item.backgroundColor = careful && !bare ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.color = careful && bare ? new vscode.ThemeColor('editorWarning.foreground') : undefined;
    item.show();
  };
  void draw();
  return vscode.Disposable.from(
    item,
    services.environments.onDidChange(draw),
    vscode.window.tabGroups.onDidChangeTabs(draw),
    vscode.window.onDidChangeActiveColorTheme(draw),
    vscode.workspace.onDidGrantWorkspaceTrust(draw),
  );
}

async function stateOf({ environments }: Services, folder: vscode.Uri) {
  try {
    if ((await environments.list(folder)).length === 0) return undefined;
    const active = await environments.active(folder);
    return itemText(active && environments.word(active));
  } catch {
    return {
      text: `$(warning) ${t('Environments')}`,
      tooltip: t('The environments of this folder cannot be read. Click to see why.'),
      label: t('Lockstep: the environments cannot be read. Press to see why.'),
      careful: false,
    };
  }
}
