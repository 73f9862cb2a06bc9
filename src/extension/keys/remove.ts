import * as vscode from 'vscode';
import { bareRecipient } from '../../core/age/sshkey.ts';
import { formatOf } from '../../core/format/which.ts';
import { readSealed } from '../../core/sops/sealed.ts';
import { canOpen } from '../../core/survey/access.ts';
import { visible } from '../../core/tree/path.ts';
import { commands } from '../ids.ts';
import type { KeyInfo, Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import { findEverySecretFile } from '../vault/secretfiles.ts';

const { t } = vscode.l10n;

/** Removes a key, after a question that names the files of the workspace that it takes along. */
export async function removeKey(services: Services, key: KeyInfo): Promise<void> {
  const { ui, vault } = services;
  const { nobody, others } = await filesLost(services, key);
  const detail = [
    t('Without a backup nobody can restore the key.'),
    listOf(t('Files here that nobody could read any more:'), nobody),
    listOf(t('Files here that you could no longer read, but others can:'), others),
    nobody.length + others.length === 0 && t('No file in this workspace becomes unreadable to you.'),
    t('Files elsewhere, and versions in git history, may be encrypted for it, too.'),
  ];
  const first = t('Back Up First');
  const gone = t('Remove Key');
  const message = t('Remove the key {0}?', visible(key.label));
  const answer = await ui.choose(message, detail.filter(Boolean).join('\n\n'), [first, gone]);
  if (answer === first) await vscode.commands.executeCommand(commands.backUpKey);
  if (answer === gone) await vault.remove(key.recipient);
}

interface Lost {
  /** No other key opens them. */
  readonly nobody: readonly vscode.Uri[];
  /** Another key does, and it is none of one's own. */
  readonly others: readonly vscode.Uri[];
}

/** The files of the workspace that one could read with a key and not without it. */
async function filesLost(services: Services, key: KeyInfo): Promise<Lost> {
  const nobody: vscode.Uri[] = [];
  const others: vscode.Uri[] = [];
  for (const { uri, text } of await findEverySecretFile(services)) {
    const metadata = metadataOf(uri, text);
    if (!metadata) continue;
    const file = { groups: metadata.groups, threshold: metadata.shamirThreshold };
    const own = (await services.vault.keysIn(uri)).map(({ recipient }) => bareRecipient(recipient));
    const rest = (names: readonly string[]) => new Set(names.filter((name) => name !== bareRecipient(key.recipient)));
    if (!canOpen(file, new Set(own)) || canOpen(file, rest(own))) continue;
    const everybody = metadata.groups.flat().map(({ name }) => bareRecipient(name));
    (canOpen(file, rest(everybody)) ? others : nobody).push(uri);
  }
  return { nobody, others };
}

function metadataOf(uri: vscode.Uri, text: string) {
  try {
    return readSealed(text, formatOf(uri.path, text)).metadata;
  } catch {
    return undefined;
  }
}

/** Names at most this many files in a question. */
const namedFiles = 8;

function listOf(title: string, files: readonly vscode.Uri[]): string {
  if (files.length === 0) return '';
  const rest = files.length - namedFiles;
  return [title, ...files.slice(0, namedFiles).map(fileName), ...(rest > 0 ? [t('and {0} more', rest)] : [])].join(
    '\n',
  );
}
