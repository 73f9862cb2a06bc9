import * as vscode from 'vscode';
import { utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { fingerprintWords } from '../../core/people/fingerprint.ts';
import { personName } from '../../core/people/names.ts';
import { writeRequest } from '../../core/people/request.ts';
import { exists } from '../exists.ts';
import type { Services } from '../services.ts';
import { activeFile, openAt } from '../session/tabs.ts';
import { uriOf } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName, wordsOf } from '../ui/words.ts';
import { chooseIdentity } from '../vault/ownkey.ts';

const { t } = vscode.l10n;

/** Where requests are, from a workspace folder. */
export const requestFolder = ['.lockstep', 'requests'];

/** Makes a text that asks for access with one's own public key: for the clipboard, or as a file for a pull request. */
export async function requestAccess(services: Services, ids: readonly unknown[]): Promise<void> {
  const { ui, rules } = services;
  const title = t('Request Access');
  const key = await chooseIdentity(services, title);
  if (!key) return;
  const uri = uriOf(ids[0]) ?? activeFile();
  const folder = uri && vscode.workspace.getWorkspaceFolder(uri)?.uri;
  const named = uri && (await rules.names(uri)).get(key.recipient);
  const prompt = t('Your name, as colleagues know you. It will be a comment beside your public key in .sops.yaml.');
  const name = await ui.input({ title, prompt, value: named ?? key.label, validate: validName });
  if (name === undefined) return;
  const file = folder && uri && isSecret(services, uri) ? uri.path.slice(folder.path.length + 1) : undefined;
  const text = writeRequest({ name, recipient: key.recipient, file }, [
    t('Whoever can read the files grants it: “Lockstep: Grant Access” in VS Code, or lockstep people grant.'),
    t('Before that they ask for the six words of the key, by voice. The words are not in this text on purpose.'),
  ]);
  const items = [
    { id: 'copy', icon: 'copy', label: t('Copy the Request'), description: t('to send it to a colleague') },
    { id: 'file', icon: 'git-pull-request', label: t('Write a File'), description: t('for a pull request') },
  ];
  const way = await ui.pick(items, { title, placeholder: t('How do you send it?') });
  if (way?.id === 'copy') await ui.writeClipboard(text);
  else if (way?.id !== 'file' || !(await writeFile(services, name, text))) return;
  const words = fingerprintWords(key.recipient).join(' ');
  void ui.info(
    t('The words of your key: {0}. Read them out when you are asked, by voice. Do not send them along.', words),
  );
}

/** Whether the request may name the file that one looks at: one that is encrypted. */
function isSecret({ sessions }: Services, uri: vscode.Uri): boolean {
  const state = sessions.current(uri)?.state;
  return state !== undefined && 'sealed' in state;
}

/** Why a name cannot be taken. */
export function validName(text: string): string | undefined {
  try {
    personName(text);
    return undefined;
  } catch (error) {
    const { message, next } = wordsOf(error as LockstepError);
    return `${message} ${next}`;
  }
}

/** A new file: nobody's request is written over. */
async function writeFile(services: Services, name: string, text: string): Promise<boolean> {
  if (!(await mayWrite(services))) return false;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) throw new LockstepError('GONE');
  const base =
    name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'request';
  for (let n = 1; ; n++) {
    const at = vscode.Uri.joinPath(folder, ...requestFolder, `${base}${n === 1 ? '' : `-${n}`}.txt`);
    if (await exists(at)) continue;
    await vscode.workspace.fs.writeFile(at, utf8(text));
    await openAt(at);
    void services.ui.info(t('Commit {0} on a branch, and open a pull request.', fileName(at)));
    return true;
  }
}
