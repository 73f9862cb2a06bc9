import * as vscode from 'vscode';
import { bareRecipient } from '../../core/age/sshkey.ts';
import { namedRecipient } from '../../core/people/names.ts';
import type { FileState } from '../../core/session/state.ts';
import { isAge, kindNames } from '../../core/sops/kinds.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import type { Services } from '../services.ts';
import { groupsNeeded } from '../ui/keygroups.ts';
import type { Choice } from '../ui/ui.ts';

const { t } = vscode.l10n;

type WithReaders = Extract<FileState, { kind: 'open' | 'damaged' }>;

/** Everybody who can read a file, as lines of a list: ourselves first, then by name or public key. */
export async function readerItems({ vault, rules }: Services, uri: vscode.Uri, state: WithReaders): Promise<Choice[]> {
  const keys = await vault.keys();
  const names = await rules.names(uri);
  const openers: readonly string[] = state.opened.ownRecipients;
  const isOwn = (one: string) => openers.includes(one) || keys.some((key) => key.recipient === one);
  const item = (recipient: string): Choice => {
    const label = keys.find((key) => key.recipient === recipient)?.label;
    const named = names.get(bareRecipient(recipient));
    const name = isOwn(recipient) ? t('You') : named && visible(named);
    if (name === undefined) return { icon: 'person', label: shortRecipient(recipient), description: '' };
    const more = [isOwn(recipient) && label, shortRecipient(recipient)];
    return { icon: 'person', label: name, description: more.filter(Boolean).join(' · ') };
  };
  const listed = (group: readonly KeyName[]): Choice[] => {
    const recipients = [...new Set(group.filter(({ kind }) => kind === 'age').map(({ name }) => name))];
    const people = recipients.sort((a, b) => Number(isOwn(b)) - Number(isOwn(a))).map(item);
    const foreign = group.flatMap(({ kind, name }): Choice[] =>
      isAge(kind) ? [] : [{ icon: 'cloud', label: kindNames[kind], description: namedRecipient(names, name) }],
    );
    return [...people, ...foreign];
  };
  const { metadata } = state.sealed;
  const needed = groupsNeeded(metadata);
  if (!needed) return [separator(t('Who can read this file')), ...listed(metadata.groups.flat())];
  const groups = metadata.groups.flatMap((group, i) => [separator(t('Group {0}', i + 1)), ...listed(group)]);
  return [separator(t('Who can read this file: {0}', needed)), ...groups];
}

export const separator = (label: string): Choice => ({ label, kind: vscode.QuickPickItemKind.Separator });
