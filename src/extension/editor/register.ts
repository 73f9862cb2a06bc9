import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import type { OpenFile } from '../session/openfile.ts';
import { findFiles, findOpenFile, offerToOpen } from '../session/target.ts';
import { replaceFromFile, saveCopy } from './binary.ts';
import { exchangeForSecrets, exchangeText, openText } from './open.ts';
import { SecretsEditor } from './provider.ts';

/** The Secrets Editor: a table of an encrypted file's entries. */
export function register(services: Services): Feature {
  const editor = new SecretsEditor(services);
  return {
    commands: {
      [commands.openEditor]: (...ids) => openEditor(services, editor, ids),
      [commands.openAsText]: async (file) => {
        for (const uri of findFiles([file])) await openText(services, uri);
      },
      [commands.replaceFromFile]: (...ids) => withFile(services, ids, replaceFromFile),
      [commands.saveCopy]: (...ids) => withFile(services, ids, saveCopy),
    },
    customEditor: editor,
    disposable: vscode.Disposable.from(editor, exchangeText(services)),
  };
}

/** The file that is named or in front; with an entry's id, its row is brought into view. */
async function openEditor(services: Services, editor: SecretsEditor, ids: readonly unknown[]): Promise<void> {
  const [file, id] = ids;
  const [uri] = findFiles([file]);
  if (!uri) {
    void offerToOpen(services);
    return;
  }
  await exchangeForSecrets(services, uri);
  if (typeof id === 'string') for (const page of editor.pagesOf(uri)) if (page.panel.active) page.focus(id);
}

async function withFile(
  services: Services,
  ids: readonly unknown[],
  work: (services: Services, file: OpenFile) => Promise<unknown>,
): Promise<void> {
  const file = await findOpenFile(services, ids);
  if (file) await work(services, file);
}
