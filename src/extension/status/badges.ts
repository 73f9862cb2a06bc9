import * as vscode from 'vscode';
import { contexts } from '../ids.ts';
import type { Services } from '../services.ts';
import { later } from '../surface.ts';
import { FileMarks, type Mark } from './marks.ts';

const { t } = vscode.l10n;

/** Badges in the explorer and on tabs; menus learn from the same marks which files are encrypted. */
export function showBadges(services: Services): vscode.Disposable {
  const marks = new FileMarks(services);
  let told: string | undefined;
  const tellMenus = () => {
    const paths = marks.encrypted;
    const next = paths.join('\n');
    if (next === told) return;
    told = next;
    // Undefined where there is none, so that a menu can ask for that, too.
    const set = paths.length > 0 ? Object.fromEntries(paths.map((path) => [path, true])) : undefined;
    void vscode.commands.executeCommand('setContext', contexts.encryptedFiles, set);
  };
  const soon = later(200, tellMenus);
  tellMenus();
  return vscode.Disposable.from(
    marks,
    soon,
    marks.onDidChange(() => soon.start()),
    vscode.window.registerFileDecorationProvider({
      onDidChangeFileDecorations: marks.onDidChange,
      async provideFileDecoration(uri, token) {
        const mark = await marks.of(uri, token);
        if (mark === 'none') return undefined;
        soon.start();
        return badgeOf(mark);
      },
    }),
  );
}

/** A sign each, so that colour is not all that tells them apart. An encrypted file keeps the colour that git gives it. */
function badgeOf(mark: Exclude<Mark, 'none'>): vscode.FileDecoration {
  switch (mark) {
    case 'encrypted':
      return new vscode.FileDecoration('E', t('Encrypted'));
    case 'plain':
      return new vscode.FileDecoration('!', t('Plaintext secrets'), new vscode.ThemeColor('list.warningForeground'));
    case 'damaged':
      return new vscode.FileDecoration('✕', t('Encrypted, and damaged'), new vscode.ThemeColor('list.errorForeground'));
  }
}
