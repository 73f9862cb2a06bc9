import * as vscode from 'vscode';
import { configName } from '../../core/view/names.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { encryptAll } from '../session/encrypting.ts';
import type { Encrypted } from '../session/sealing.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';
import { chooseIdentity } from '../vault/ownkey.ts';
import { ensureRules } from './config.ts';
import { findPlainFiles, type PlainFile } from './find.ts';

const { t } = vscode.l10n;

/** A key, a rule, and the files that should be encrypted: three steps, each of which can be left. */
export async function setUp(services: Services): Promise<void> {
  if (!(await mayWrite(services))) return;
  const folder = await chooseFolder(services);
  if (!folder) return;
  const key = await chooseIdentity(services, t('Set Up Secrets (1 of 2): Your Key'));
  if (!key) return;
  const found = await findPlainFiles(services, folder);
  const chosen = found.length > 0 ? await chooseFiles(services, found) : [];
  if (!chosen) return;
  const wrote = await ensureRules(services, folder, chosen, key.recipient);
  if (wrote === undefined) return;
  if (!wrote && found.length === 0) return offerAnother(services);
  const done = await encryptAll(services, chosen);
  sumUp(services, wrote, done);
}

async function chooseFolder({ ui }: Services): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
  if (folders.length === 0) {
    const open = t('Open Folder');
    const answer = await ui.info(t('Open a folder first: the rules for its secrets are kept in it.'), open);
    if (answer === open) await vscode.commands.executeCommand('vscode.openFolder');
    return undefined;
  }
  if (folders.length === 1) return folders[0];
  const items = folders.map((folder) => ({ label: folder.name, description: folder.uri.path, folder }));
  return (await ui.pick(items, { title: t('Set Up Secrets'), placeholder: t('In which folder?') }))?.folder;
}

async function chooseFiles({ ui }: Services, found: readonly PlainFile[]): Promise<readonly vscode.Uri[] | undefined> {
  const items = found.map(({ uri, holds }) => ({
    label: fileName(uri),
    description: wordsFor(holds),
    picked: true,
    uri,
  }));
  const chosen = await ui.pickMany(items, {
    title: t('Set Up Secrets (2 of 2): Files to Encrypt'),
    placeholder: t('Each file is encrypted in place. Names, order and comments stay.'),
  });
  return chosen?.map((item) => item.uri);
}

function wordsFor(holds: PlainFile['holds']): string {
  if (holds === 'key') return t('a private key');
  if (holds === 'store') return t('a key store');
  return holds === 1 ? t('1 plaintext value') : t('{0} plaintext values', holds);
}

/** Every secret file is encrypted: what else there is, only the person knows. */
async function offerAnother({ ui }: Services): Promise<void> {
  const another = t('Encrypt Another File…');
  const message = t('Every file that looks like it holds secrets is encrypted already.');
  if ((await ui.info(message, another)) !== another) return;
  const chosen = await ui.openFile({ title: t('Choose the File to Encrypt') });
  if (chosen) await vscode.commands.executeCommand(commands.encryptFile, chosen);
}

function sumUp({ ui }: Services, wrote: boolean, done: readonly Encrypted[]): void {
  const rule = wrote
    ? t('{0} now says which files are encrypted, and for whom; it holds no secret and belongs in git.', configName)
    : '';
  const files =
    done.length === 0 ? '' : done.length === 1 ? t('1 file is encrypted.') : t('{0} files are encrypted.', done.length);
  const next = t('Back up your key next: without it nobody can read them.');
  const backUp = t('Back Up Key');
  void ui.info([files, rule, next].filter(Boolean).join(' '), backUp).then((verb) => {
    if (verb === backUp) void vscode.commands.executeCommand(commands.backUpKey);
  });
}
