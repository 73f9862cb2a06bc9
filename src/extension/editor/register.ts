import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import type { OpenFile } from '../session/openfile.ts';
import { activeFile } from '../session/tabs.ts';
import { findOpenFile, offerToOpen, uriOf } from '../session/target.ts';
import { replaceFromFile, saveCopy } from './binary.ts';
import { exchangeText } from './default.ts';
import { exchangeForSecrets, openText } from './open.ts';
import { SecretsEditor } from './provider.ts';

/** The Secrets Editor: a table of an encrypted file's entries. */
export function register(services: Services): Feature {
  const editor = new SecretsEditor(services);
  return {
    commands: {
      [commands.openEditor]: (...ids) => openEditor(services, editor, ids),
      [commands.openAsText]: (...ids) => openAsText(services, ids),
      [commands.replaceFromFile]: (...ids) => withFile(services, ids, replaceFromFile),
      [commands.saveCopy]: (...ids) => withFile(services, ids, saveCopy),
    },
    customEditor: editor,
    disposable: vscode.Disposable.from(editor, exchangeText(services)),
  };
}

/** The file that is named or in front; with an entry's id, its row is brought into view. */
async function openEditor(services: Services, editor: SecretsEditor, ids: readonly unknown[]): Promise<void> {
  const [first, second] = ids;
  const uri = uriOf(first) ?? (first === undefined ? activeFile() : undefined);
  if (!uri) {
    void offerToOpen(services);
    return;
  }
  await exchangeForSecrets(services, uri);
  if (typeof second === 'string') for (const page of editor.pagesOf(uri)) if (page.panel.active) page.focus(second);
}

async function openAsText(services: Services, [first]: readonly unknown[]): Promise<void> {
  const uri = uriOf(first) ?? (first === undefined ? activeFile() : undefined);
  if (uri) await openText(services, uri);
}

async function withFile(
  services: Services,
  ids: readonly unknown[],
  work: (services: Services, file: OpenFile) => Promise<unknown>,
): Promise<void> {
  const file = await findOpenFile(services, ids);
  if (file) await work(services, file);
}
