import * as vscode from 'vscode';
import { formatOfBytes } from '../../core/format/which.ts';
import { isSealed, readSealed, type Sealed } from '../../core/sops/sealed.ts';
import { readAnywhere } from '../elsewhere.ts';
import { exists } from '../exists.ts';
import { exposedView } from '../ids.ts';
import type { Services } from '../services.ts';
import { readBefore } from '../session/exchange.ts';
import { uriOf } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { openEntry } from '../survey/entries.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/**
 * Searches git history for plaintext values, of the file that is named or of every encrypted one, and shows the list. With the id of an
 * entry it goes to that.
 */
export async function showExposed(services: Services, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const { ui, platform, exposed } = services;
  if (!platform.git) {
    void ui.info(t('Lockstep cannot read git history here.'));
    return;
  }
  const uri = uriOf(ids[0]);
  if (uri && typeof ids[1] === 'string') return openEntry(services, uri, ids[1]);
  if (uri) {
    if ((await platform.git.workTreeOf(uri.fsPath)) === undefined) {
      void ui.info(t('{0} is in no git repository, so there is no history to search.', fileName(uri)));
      return;
    }
    const sealed = await readEncrypted(services, uri);
    if ((await exposed.search(uri, sealed, await services.rules.names(uri))).length === 0) {
      void ui.info(t('{0}: git history holds none of these values as plaintext.', fileName(uri)));
      return;
    }
  } else if (!(await searchAll(services))) return;
  await vscode.commands.executeCommand(`${exposedView}.focus`);
}

const maxSize = 5 * 1024 * 1024;

/** Every encrypted file of the workspace. Resolves to whether something was found; says so where nothing was, unless it was stopped. */
async function searchAll(services: Services): Promise<boolean> {
  const { exposed, inventory, ui } = services;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('Searching git history for plaintext values'),
    cancellable: true,
  };
  const stopped = await vscode.window.withProgress(options, async (_, token) => {
    for (const uri of exposed.files) if (!(await exists(uri))) await exposed.forget(uri);
    await Promise.race([inventory.ready(), new Promise((stop) => token.onCancellationRequested(stop))]);
    for (const { uri, facts } of inventory.files) {
      if (token.isCancellationRequested) break;
      if (facts.kind !== 'encrypted') continue;
      const sealed = await sealedAt(services, uri);
      if (sealed) await exposed.search(uri, sealed, await services.rules.names(uri));
    }
    return token.isCancellationRequested;
  });
  if (exposed.files.length > 0) return true;
  if (stopped) return false;
  void ui.info(t('Git history holds no value of an encrypted file in this workspace as plaintext.'));
  return false;
}

/** Undefined for what is not encrypted, or cannot be read. */
async function sealedAt({ platform }: Services, uri: vscode.Uri): Promise<Sealed | undefined> {
  try {
    const { format, text } = formatOfBytes(uri.path, await readAnywhere(platform, uri, maxSize));
    return isSealed(text, format) ? readSealed(text, format) : undefined;
  } catch {
    return undefined;
  }
}

/** What the Secrets Editor holds counts, unsaved edits too; otherwise what the text editor or the disk has. */
async function readEncrypted(services: Services, uri: vscode.Uri): Promise<Sealed> {
  const state = await services.sessions.editors.get(uri.toString())?.ready();
  if (state && 'sealed' in state) return state.sealed;
  const { format, text } = formatOfBytes(uri.path, (await readBefore(services, uri)).bytes);
  return readSealed(text, format);
}
