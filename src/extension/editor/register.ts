import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { activeFile } from '../session/tabs.ts';
import { uriOf } from '../session/target.ts';
import { exchangeText } from './default.ts';
import { openSecrets, openText } from './open.ts';
import { SecretsEditor } from './provider.ts';

/** The Secrets Editor: a table of an encrypted file's entries. */
export function register(services: Services): Feature {
  const editor = new SecretsEditor(services);
  return {
    commands: {
      [commands.openEditor]: (...ids) => openEditor(services, editor, ids),
      [commands.openAsText]: (...ids) => openAsText(services, ids),
    },
    customEditor: editor,
    disposable: vscode.Disposable.from(editor, exchangeText(services)),
  };
}

/** The file that is named or in front; with an entry's id, its row is brought into view. */
async function openEditor({ ui }: Services, editor: SecretsEditor, ids: readonly unknown[]): Promise<void> {
  const [first, second] = ids;
  const uri = uriOf(first) ?? (first === undefined ? activeFile() : undefined);
  if (!uri) {
    void ui.info(vscode.l10n.t('Open a secret file first.'));
    return;
  }
  await openSecrets(uri);
  if (typeof second === 'string') for (const page of editor.pagesOf(uri)) if (page.panel.active) page.focus(second);
}

async function openAsText(_: Services, [first]: readonly unknown[]): Promise<void> {
  const uri = uriOf(first) ?? (first === undefined ? activeFile() : undefined);
  if (uri) await openText(uri);
}
