import * as vscode from 'vscode';
import { type Reading, readingOf } from '../../core/backup/check.ts';
import { formatOfBytes, looksSealed } from '../../core/format/which.ts';
import type { Keyring } from '../../core/keys/keyring.ts';
import type { Rule } from '../../core/rules/rules.ts';
import { isSealed } from '../../core/sops/sealed.ts';
import { isChosen, mayBeSealed, mayHoldSecrets } from '../../core/survey/candidates.ts';
import { everyFileIn, readAnywhere, unsearched } from '../elsewhere.ts';
import type { Services } from '../services.ts';

/** An encrypted file of the workspace. */
interface SecretText {
  readonly uri: vscode.Uri;
  readonly text: string;
}

const limit = 50_000;
const maxSize = 5 * 1024 * 1024;

/** The encrypted files in a folder, or in all folders of the workspace, by their paths. What cannot be read is passed over. */
export async function findSecretFiles(
  services: Pick<Services, 'platform' | 'rules'>,
  folder?: vscode.WorkspaceFolder,
): Promise<readonly SecretText[]> {
  const all = folder ? new vscode.RelativePattern(folder, '**/*') : '**/*';
  const found: SecretText[] = [];
  // One after the other: thousands at once would take more memory than there is.
  for (const uri of await vscode.workspace.findFiles(all, unsearched, limit)) {
    if (!mayHoldSecrets(uri.path) && !isChosen(uri.path, await ruleOf(services, uri))) continue;
    const text = await sealedText(services, uri);
    if (text !== undefined) found.push({ uri, text });
  }
  return found.sort((a, b) => (a.uri.path < b.uri.path ? -1 : 1));
}

/**
 * Every encrypted file of the workspace, also under a name that says nothing, in a folder of build results, or hidden from searches: where
 * one that is overlooked would be lost. Throws TOO_LARGE where there are too many files to know.
 */
export async function findEverySecretFile(services: Pick<Services, 'platform'>): Promise<readonly SecretText[]> {
  // By address: a folder of the workspace may be in another one.
  const found = new Map<string, SecretText>();
  for (const folder of vscode.workspace.workspaceFolders ?? [])
    for (const uri of await everyFileIn(services.platform, folder.uri)) {
      const text = mayBeSealed(uri.path) ? await sealedText(services, uri) : undefined;
      if (text !== undefined) found.set(uri.toString(), { uri, text });
    }
  return [...found.values()].sort((a, b) => (a.uri.path < b.uri.path ? -1 : 1));
}

/** Undefined for a file that is not encrypted, or cannot be read. */
async function sealedText({ platform }: Pick<Services, 'platform'>, uri: vscode.Uri): Promise<string | undefined> {
  try {
    const bytes = await readAnywhere(platform, uri, maxSize);
    if (!looksSealed(bytes)) return undefined;
    const { format, text } = formatOfBytes(uri.path, bytes);
    return isSealed(text, format) ? text : undefined;
  } catch {
    return undefined;
  }
}

async function ruleOf({ rules }: Pick<Services, 'rules'>, uri: vscode.Uri): Promise<Rule | undefined> {
  return (await rules.find(uri).catch(() => undefined))?.rule;
}

/** What some keys make of each file where it is, one after the other, with a progress that can be cancelled; undefined when it was. */
export async function readEach(
  files: readonly SecretText[],
  keyringFor: (file: vscode.Uri) => Keyring,
  title: string,
): Promise<ReadonlyMap<vscode.Uri, Reading> | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const found = new Map<vscode.Uri, Reading>();
    for (const { uri, text } of files) {
      if (token.isCancellationRequested) return undefined;
      found.set(uri, await readingOf(uri.path, text, keyringFor(uri)));
      progress.report({ increment: 100 / files.length });
    }
    return found;
  });
}
