import * as vscode from 'vscode';
import { type Reading, readingOf } from '../../core/backup/check.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import type { Keyring } from '../../core/keys/keyring.ts';
import { isSealed } from '../../core/sops/sealed.ts';
import { isConfigName } from '../../core/view/names.ts';
import { readAnywhere, unsearched } from '../elsewhere.ts';
import type { Services } from '../services.ts';

/** An encrypted file of the workspace. */
interface SecretText {
  readonly uri: vscode.Uri;
  readonly text: string;
}

const limit = 5000;
const maxSize = 5 * 1024 * 1024;

/** The encrypted files in a folder, or in all folders of the workspace, by their paths. What cannot be read is passed over. */
export async function findSecretFiles(
  { platform }: Pick<Services, 'platform'>,
  folder?: vscode.WorkspaceFolder,
): Promise<readonly SecretText[]> {
  const all = folder ? new vscode.RelativePattern(folder, '**/*') : '**/*';
  const found: SecretText[] = [];
  // One after the other: thousands at once would take more memory than there is.
  for (const uri of await vscode.workspace.findFiles(all, unsearched, limit)) {
    if (isConfigName(uri.path)) continue;
    const bytes = await readAnywhere(platform, uri, maxSize).catch(() => undefined);
    if (!bytes) continue;
    const { format, text } = formatOfBytes(uri.path, bytes);
    if (isSealed(text, format) && text.includes('ENC[AES256_GCM,')) found.push({ uri, text });
  }
  return found.sort((a, b) => (a.uri.path < b.uri.path ? -1 : 1));
}

/** What some keys make of each file, one after the other, with a progress that can be cancelled; undefined when it was. */
export async function readEach(
  files: readonly SecretText[],
  keyring: Keyring,
  title: string,
): Promise<ReadonlyMap<vscode.Uri, Reading> | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const found = new Map<vscode.Uri, Reading>();
    for (const { uri, text } of files) {
      if (token.isCancellationRequested) return undefined;
      found.set(uri, await readingOf(uri.path, text, keyring));
      progress.report({ increment: 100 / files.length });
    }
    return found;
  });
}
