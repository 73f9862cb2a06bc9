import * as vscode from 'vscode';
import { addRule } from '../../core/rules/edit.ts';
import { parseConfig, type Rule } from '../../core/rules/rules.ts';
import { configName, isConfigName } from '../../core/view/names.ts';
import type { Services } from '../services.ts';
import { encryptAll } from '../session/encrypting.ts';
import { offerRule } from '../session/newrule.ts';
import { readPlain } from '../session/sealing.ts';
import { isShown, openAt } from '../session/tabs.ts';
import { findFiles } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';
import { chooseIdentity } from '../vault/ownkey.ts';

const { t } = vscode.l10n;

/** Encrypts the files that the command is about, after a rule was written for those that have none. */
export async function encryptFiles(services: Services, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const files = await filesOf(services, ids);
  await services.rules.renew();
  const bare = await bareOf(services, files);
  const inside = bare.filter((uri) => vscode.workspace.getWorkspaceFolder(uri));
  const outside = bare.filter((uri) => !inside.includes(uri));
  if (inside.length > 0 && !(await offerRule(services, inside, titleFor(inside)))) return;
  const own = outside[0] && (await ruleOutside(services, outside[0]));
  if (outside.length > 0 && !own) return;
  const unseen = new Set(files.filter((uri) => !isShown(uri)).map(String));
  const done = await encryptAll(services, files, own);
  sumUp(
    services,
    done.map(({ uri }) => uri).filter((uri) => unseen.has(String(uri))),
  );
}

async function filesOf({ ui }: Services, ids: readonly unknown[]): Promise<readonly vscode.Uri[]> {
  const files = findFiles(ids);
  const unsaved = files.find(({ scheme }) => scheme === 'untitled');
  if (unsaved) {
    const save = t('Save As…');
    const answer = await ui.info(t('Give the file a name first. Then encrypt it.'), save);
    if (answer === save) await vscode.commands.executeCommand('workbench.action.files.saveAs');
    return [];
  }
  if (files.length === 1 && isConfigName(files[0]?.path ?? '')) {
    void ui.info(t('{0} is never encrypted: it holds rules and public keys, no secret.', configName));
    return [];
  }
  // Who names something that is no file is no person.
  if (files.length > 0 || ids[0] !== undefined) return files;
  const chosen = await ui.openFile({ title: t('Choose the File to Encrypt') });
  return chosen ? [chosen] : [];
}

const titleFor = (files: readonly vscode.Uri[]) =>
  files.length === 1 ? t('Encrypt {0}', fileName(files[0] as vscode.Uri)) : t('Encrypt {0} Files', files.length);

/** Those that can be encrypted but for a rule. What is wrong with the others is said when their turn comes. */
async function bareOf(services: Services, files: readonly vscode.Uri[]): Promise<vscode.Uri[]> {
  const bare: vscode.Uri[] = [];
  for (const uri of files) {
    try {
      if (isConfigName(uri.path) || (await services.rules.find(uri))) continue;
      await readPlain(services, uri);
      bare.push(uri);
    } catch {}
  }
  return bare;
}

/** No rule is looked for, nor written, outside the workspace: such a file is encrypted for one's own key, or its folder is opened. */
async function ruleOutside(services: Services, uri: vscode.Uri): Promise<Rule | undefined> {
  const title = t('Encrypt {0}', fileName(uri));
  const items = [
    {
      id: 'own',
      icon: 'key',
      label: t('For My Key Only'),
      detail: t('No rule is written: the file is in no folder of this workspace.'),
    },
    {
      id: 'open',
      icon: 'folder-opened',
      label: t('Open Its Folder'),
      detail: t('There a rule in .sops.yaml can say who reads the file.'),
    },
  ];
  const chosen = await services.ui.pick(items, { title, placeholder: t('Who can read it?') });
  if (chosen?.id === 'open') {
    const folder = vscode.Uri.joinPath(uri, '..');
    await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
  }
  const key = chosen?.id === 'own' ? await chooseIdentity(services, title, uri) : undefined;
  return key && parseConfig(addRule(undefined, { pathRegex: '.', recipients: [key.recipient] })).rules?.[0];
}

/** A file that nobody looks at changes unseen, so this names it. */
function sumUp(services: Services, files: readonly vscode.Uri[]): void {
  const [first] = files;
  if (!first) return;
  const names = files.slice(0, 3).map(fileName).join(', ');
  if (files.length === 1) sayUnseen(services, first, t('{0} is encrypted.', names));
  else if (files.length <= 3) void services.ui.info(t('{0} files are encrypted: {1}.', files.length, names));
  else void services.ui.info(t('{0} files are encrypted: {1} and {2} more.', files.length, names, files.length - 3));
}

/** What became of a file that is in no editor, with the way to it. */
export function sayUnseen({ ui }: Services, uri: vscode.Uri, message: string): void {
  const open = t('Open');
  void ui.info(message, open).then((verb) => {
    if (verb === open) void openAt(uri);
  });
}
