import * as vscode from 'vscode';
import { workspaceMatters } from '../gate.ts';
import { commands, editorId } from '../ids.ts';
import type { Services } from '../services.ts';
import { hasCustom } from '../session/tabs.ts';

const { t } = vscode.l10n;

interface StatusInput {
  readonly presenting: boolean;
  readonly locked: boolean;
  /** There are secret files about, open or in the workspace. */
  readonly relevant: boolean;
}

interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  /** What a screen reader says: the icon is not read out. */
  readonly label: string;
}

/** What the status bar says; undefined when there is nothing to say. */
export function statusText({ presenting, locked, relevant }: StatusInput): StatusText | undefined {
  if (presenting) {
    return {
      text: `$(eye-closed) ${t('Presenting')}`,
      tooltip: t('Presentation mode: no value is shown. Click to end it.'),
      label: t('Lockstep: presentation mode is on. Press to end it.'),
    };
  }
  if (locked) return { text: '$(lock) Lockstep', tooltip: t('Lockstep is locked'), label: t('Lockstep: locked') };
  if (!relevant) return undefined;
  return { text: '$(key) Lockstep', tooltip: t('Lockstep is unlocked'), label: t('Lockstep: unlocked') };
}

/** The status bar entry of the extension. Its menu is a click away. */
export function showStatus(services: Services): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('lockstep.status', vscode.StatusBarAlignment.Right, 100);
  item.name = 'Lockstep';
  let inWorkspace = false;
  const draw = () => {
    const relevant =
      inWorkspace ||
      hasCustom(editorId) ||
      vscode.workspace.textDocuments.some((document) => isSecret(services, document.uri));
    // It must not be overlooked, and its way out is one click.
    const presenting = services.presentation.on;
    // VS Code has no such background in high contrast.
    const bare = vscode.window.activeColorTheme.kind === vscode.ColorThemeKind.HighContrast;
    const colour = (id: string, wanted: boolean) => (presenting && wanted ? new vscode.ThemeColor(id) : undefined);
    item.backgroundColor = colour('statusBarItem.warningBackground', !bare);
    item.color = colour('editorWarning.foreground', bare);
    item.command = presenting ? commands.togglePresentation : commands.showMenu;
    const shown = statusText({ presenting, locked: services.vault.locked, relevant });
    if (!shown) {
      item.hide();
      return;
    }
    item.text = shown.text;
    item.tooltip = shown.tooltip;
    item.accessibilityInformation = { label: shown.label, role: 'button' };
    item.show();
  };
  void workspaceMatters().then((found) => {
    inWorkspace = found;
    draw();
  });
  draw();
  return vscode.Disposable.from(
    item,
    services.presentation.onDidChange(draw),
    services.vault.onDidChange(draw),
    services.sessions.onDidChange(draw),
    vscode.workspace.onDidCloseTextDocument(draw),
    vscode.window.tabGroups.onDidChangeTabs(draw),
    vscode.window.onDidChangeActiveColorTheme(draw),
  );
}

function isSecret({ sessions }: Services, uri: vscode.Uri): boolean {
  const kind = sessions.current(uri)?.state.kind;
  return kind !== undefined && kind !== 'none';
}
