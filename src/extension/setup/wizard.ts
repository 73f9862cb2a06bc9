import * as vscode from 'vscode';
import { configName } from '../../core/view/names.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import { encryptAll } from '../session/encrypting.ts';
import type { Encrypted } from '../session/sealing.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';
import { ensureRule } from './config.ts';
import { findPlainFiles, type PlainFile } from './find.ts';
import { chooseIdentity } from './identity.ts';

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
  const wrote = await ensureRule(services, folder, chosen, key.recipient);
  const done = await encryptAll(services, chosen);
  sumUp(services, wrote, done);
}

async function chooseFolder({ ui }: Services): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
  if (folders.length === 0) {
    void ui.info(t('Open a folder first: the rules for its secrets are kept in it.'));
    return undefined;
  }
  if (folders.length === 1) return folders[0];
  const items = folders.map((folder) => ({ label: folder.name, description: folder.uri.path, folder }));
  return (await ui.pick(items, { title: t('Set Up Secrets'), placeholder: t('In which folder?') }))?.folder;
}

async function chooseFiles({ ui }: Services, found: readonly PlainFile[]): Promise<readonly vscode.Uri[] | undefined> {
  const items = found.map(({ uri, values }) => ({
    label: fileName(uri),
    description: values === 1 ? t('1 plaintext value') : t('{0} plaintext values', values),
    picked: true,
    uri,
  }));
  const chosen = await ui.pickMany(items, {
    title: t('Set Up Secrets (2 of 2): Files to Encrypt'),
    placeholder: t('Each file is encrypted in place. Names, order and comments stay.'),
  });
  return chosen?.map((item) => item.uri);
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
