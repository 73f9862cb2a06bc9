import * as vscode from 'vscode';
import { visible } from '../../core/tree/path.ts';
import type { Feature, Services } from '../services.ts';
import { sealedOf } from '../surface.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/**
 * Says where git shows an encrypted file by what a program makes of it. VS Code's git runs that program for its diffs, too, and puts what it
 * prints into documents that every extension and assistant can read.
 */
export function register(services: Services): Feature {
  const { platform, sessions, ui } = services;
  const looked = new Set<string>();
  /** One word for each driver of a repository, in each window. */
  const told = new Set<string>();

  const look = async (uri: vscode.Uri) => {
    const { git } = platform;
    // A repository that is not trusted gets no git call.
    if (!git || uri.scheme !== 'file' || !vscode.workspace.isTrusted || looked.has(uri.path)) return;
    if (!sealedOf(sessions.current(uri)?.state)) return;
    looked.add(uri.path);
    const driver = await git.textconvOf(uri.fsPath);
    if (driver === undefined) return;
    const id = `${await git.workTreeOf(uri.fsPath)}\n${driver}`;
    if (told.has(id)) return;
    told.add(id);
    void ui.warn(
      t(
        'Git shows {0} in its diffs by what a program makes of it (diff.{1}.textconv). If that decrypts, VS Code puts the plaintext into documents that other extensions and AI assistants can read. To stop it: git config --unset diff.{1}.textconv',
        fileName(uri),
        visible(driver),
      ),
    );
  };

  for (const { document } of vscode.window.visibleTextEditors) void look(document.uri);
  return { commands: {}, disposable: sessions.onDidChange((uri) => void look(uri)) };
}
