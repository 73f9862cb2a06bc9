import * as vscode from 'vscode';
import type { AgentQuestion, AgentReply } from '../../core/agent/questions.ts';
import type { Ui } from '../ui/ui.ts';
import { pathLine } from '../ui/words.ts';
import { fileLine, programLine, programName } from './words.ts';

const { t } = vscode.l10n;

/** Files that are named one by one. */
const most = 12;

/** Asks whether a program may have the keys of some files. Dismissed is no. */
export async function askConsent(ui: Ui, question: AgentQuestion): Promise<AgentReply> {
  const { mayRemember, unknown } = question;
  const [once, session, never, deny] = [t('Allow Once'), t('Allow for This Session'), t('Never Allow'), t('Deny')];
  // What nobody here knows is refused by the button that is in front. VS Code adds Cancel to it: that one cannot be in front.
  const verbs = unknown > 0 ? [deny, once] : mayRemember ? [once, session, never] : [once];
  const cancel = unknown > 0 ? undefined : deny;
  const chosen = await ui.choose(messageOf(question), detailOf(question), verbs, { unbidden: true, cancel });
  if (chosen === once) return 'once';
  if (chosen === session && mayRemember) return 'session';
  return chosen === never && mayRemember ? 'never' : 'no';
}

function messageOf({ client, files, unknown }: AgentQuestion): string {
  const name = programName(client);
  if (files.length === 0) return t('{0} wants to decrypt a file outside this workspace.', name);
  if (unknown > 0) return t('{0} wants to decrypt files, some of them outside this workspace.', name);
  if (files.length === 1) return t('{0} wants to decrypt {1}.', name, fileLine(files[0] ?? ''));
  return t('{0} wants to decrypt {1} files.', name, files.length);
}

function detailOf({ client, files, unknown }: AgentQuestion): string {
  const named = files.slice(0, most).map((file) => `• ${fileLine(file)}`);
  const more = files.length - named.length;
  return [
    t('Program: {0}', programLine(client)),
    ...(client.cwd === undefined ? [] : [t('Folder: {0}', pathLine(client.cwd))]),
    ...(files.length > 1 || unknown > 0 ? named : []),
    ...(more > 0 ? [t('• and {0} more', more)] : []),
    ...(unknown > 0 ? [unknownLine(unknown)] : []),
    '',
    files.length + unknown === 1
      ? t('It gets what decrypts this file, not your private key.')
      : t('It gets what decrypts these files, not your private key.'),
    t('Another program can pretend to be this one: allow what you have just started yourself.'),
    ...(unknown > 0 ? [t('Deny and Cancel do the same: it gets nothing.')] : []),
  ].join('\n');
}

const unknownLine = (count: number) =>
  count === 1
    ? t('• a file that Lockstep does not find in this workspace')
    : t('• {0} files that Lockstep does not find in this workspace', count);
