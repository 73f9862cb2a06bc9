import * as vscode from 'vscode';
import { shortRecipient } from '../../core/view/hover.ts';
import type { Services } from '../services.ts';
import type { FileState } from '../session/state.ts';
import type { Choice } from '../ui.ts';
import { foreignName } from '../words.ts';

const { t } = vscode.l10n;

type WithReaders = Extract<FileState, { kind: 'open' | 'damaged' | 'unreadable' }>;

/** Everybody who can read a file, as lines of a list: ourselves first, then by public key. */
export async function readerItems({ vault }: Services, state: WithReaders): Promise<Choice[]> {
  const keys = await vault.keys();
  const openedBy = 'opened' in state ? state.opened.openedBy : undefined;
  const recipients = [...new Set(state.sealed.metadata.recipients.map((one) => one.recipient))];
  const isOwn = (one: string) => one === openedBy || keys.some((key) => key.recipient === one);
  const item = (recipient: string): Choice => {
    const label = keys.find((key) => key.recipient === recipient)?.label;
    const name = isOwn(recipient) ? t('You') : shortRecipient(recipient);
    const description = isOwn(recipient) ? [label, shortRecipient(recipient)].filter(Boolean).join(' · ') : '';
    return { label: `$(person) ${name}`, description };
  };
  const people = [...recipients].sort((a, b) => Number(isOwn(b)) - Number(isOwn(a))).map(item);
  const foreign = state.sealed.metadata.foreign.map(
    ({ kind, name }): Choice => ({ label: `$(cloud) ${foreignName(kind)}`, description: shortRecipient(name) }),
  );
  const title: Choice = { label: t('Who can read this file'), kind: vscode.QuickPickItemKind.Separator };
  return [title, ...people, ...foreign];
}
