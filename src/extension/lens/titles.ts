import * as vscode from 'vscode';
import { type FileState, isInConflict } from '../../core/session/state.ts';
import { kindNames } from '../../core/sops/kinds.ts';
import type { FileFacts } from '../../core/survey/facts.ts';
import { type EntryVerb, readers } from '../../core/view/lenses.ts';
import { type CommandId, commands } from '../ids.ts';
import { groupsNeeded } from '../ui/keygroups.ts';

/** A lens as data: constant words, and a command that takes ids. */
export interface Title {
  readonly title: string;
  readonly tooltip?: string;
  readonly command: CommandId;
}

const { t } = vscode.l10n;

/** Between an icon and words: a lens drops an ordinary space. */
const gap = '\u00a0';

/** The lenses on the first line: what the file is to us, and what can be done about it. */
export function fileTitles(state: FileState, own: ReadonlySet<string>): Title[] {
  switch (state.kind) {
    case 'none':
      return [];
    case 'plain':
      return plainTitles(state.leaves.filter((leaf) => leaf.encrypted).length);
    case 'locked':
      return [{ title: `$(lock)${gap}${t('Locked · Unlock')}`, command: commands.unlock }];
    case 'open':
      // A binary file is one value.
      if (state.sealed.format === 'binary')
        return [openTitle(state, own), { title: t('Save a Copy…'), command: commands.saveCopy }];
      return [
        openTitle(state, own),
        { title: t('Open Secrets Editor'), command: commands.openEditor },
        { title: t('Add Secret'), command: commands.addSecret },
      ];
    case 'unreadable':
      return [unreadableTitle(state)];
    case 'damaged':
      return [
        { title: `$(warning)${gap}${damage(state)}`, command: commands.explainFile },
        { title: t('Open Secrets Editor'), command: commands.openEditor },
      ];
    case 'unsupported':
      return [
        {
          title: `$(info)${gap}${t('Lockstep cannot open this kind of file yet · Why?')}`,
          command: commands.explainFile,
        },
      ];
    case 'broken':
      if (isInConflict(state))
        return [
          { title: `$(git-merge)${gap}${t('In a merge conflict · Resolve by Secret')}`, command: commands.resolve },
        ];
      return [{ title: `$(warning)${gap}${t('This file cannot be parsed · Why?')}`, command: commands.explainFile }];
  }
}

/** The lens of a file whose readers are not those that its rule names. */
export function driftTitles(facts: FileFacts | undefined): Title[] {
  if (facts?.kind !== 'encrypted' || facts.drift.kind !== 'differs') return [];
  const title = t('Readers differ from the rule · Update');
  const tooltip = t('Its rule in .sops.yaml names other people than can read it');
  return [{ title: `$(diff)${gap}${title}`, tooltip, command: commands.updateReaders }];
}

function plainTitles(count: number): Title[] {
  if (count === 0) return [];
  const text =
    count === 1
      ? t('1 value is plaintext · Encrypt This File')
      : t('{0} values are plaintext · Encrypt This File', count);
  const why = { title: t('Why?'), command: commands.explainFile };
  // Read-only, it still has to be said.
  const found = count === 1 ? t('1 value is plaintext') : t('{0} values are plaintext', count);
  if (!vscode.workspace.isTrusted) return [{ ...why, title: `$(unlock)${gap}${found}` }, why];
  return [{ title: `$(unlock)${gap}${text}`, command: commands.encryptFile }, why];
}

function openTitle({ sealed, opened }: Extract<FileState, { kind: 'open' }>, own: ReadonlySet<string>): Title {
  const count = sealed.leaves.filter((leaf) => leaf.encrypted).length;
  const secrets = count === 0 ? t('No secrets yet') : count === 1 ? t('1 secret') : t('{0} secrets', count);
  const names = sealed.metadata.recipients;
  const mine = new Set([...own, ...opened.ownRecipients]);
  const foreign = sealed.metadata.foreign.filter(({ name }) => !mine.has(name)).length;
  const { others } = readers(names, foreign, mine);
  const needed = groupsNeeded(sealed.metadata);
  const tooltip = t('Who can read this file');
  if (opened.mislabelled)
    return {
      title: `$(warning)${gap}${secrets} · ${t('the list of readers does not fit your key · Show')}`,
      tooltip,
      command: commands.explainFile,
    };
  return {
    title: `$(lock)${gap}${secrets} · ${needed ? t('readable by {0}', needed) : readableBy(others)}`,
    tooltip,
    command: commands.explainFile,
  };
}

function readableBy(others: number): string {
  if (others === 0) return t('readable by you only');
  return others === 1 ? t('readable by you and 1 other') : t('readable by you and {0} others', others);
}

function unreadableTitle({ sealed, error }: Extract<FileState, { kind: 'unreadable' }>): Title {
  const [first] = sealed.metadata.foreign;
  if (error.code === 'NO_AGE_RECIPIENT' && first) {
    return { title: `$(info)${gap}${t('Needs {0} · How', kindNames[first.kind])}`, command: commands.explainFile };
  }
  return { title: `$(error)${gap}${t('You cannot read this file · Why?')}`, command: commands.explainFile };
}

function damage({ opened }: Extract<FileState, { kind: 'damaged' }>): string {
  const failed = opened.verdict.ok ? 0 : opened.verdict.failures.filter((failure) => failure.leaf).length;
  if (failed === 0) return t('This file fails verification · Show');
  return failed === 1 ? t('1 entry fails verification · Show') : t('{0} entries fail verification · Show', failed);
}

/** The lens of each verb on an entry. The entry's name is not in it: it is right below. */
export const entryTitles = (): Readonly<Record<EntryVerb | 'hide' | 'revealComment', Title>> => ({
  copy: {
    title: t('Copy'),
    tooltip: t('Copy the value; the clipboard is cleared afterwards'),
    command: commands.copyValue,
  },
  set: { title: t('Set'), tooltip: t('Set a new value without showing it'), command: commands.setValue },
  editor: {
    title: t('Open Secrets Editor'),
    tooltip: t('The value has several lines; set it there'),
    command: commands.openEditor,
  },
  replace: {
    title: t('Replace From File…'),
    tooltip: t('Put the bytes of a file in; the step can be undone'),
    command: commands.replaceFromFile,
  },
  hide: { title: t('Hide'), tooltip: t('Mask the value again'), command: commands.hideValues },
  reveal: { title: t('Reveal'), tooltip: t('Show the value for a few seconds'), command: commands.revealValue },
  revealComment: {
    title: t('Reveal Comment'),
    tooltip: t('Show the comment for a few seconds'),
    command: commands.revealValue,
  },
  unquote: {
    title: t('The quotes are part of this value · Remove Quotes'),
    tooltip: t('Programs that load a .env remove the quotes; sops and exec-env keep them'),
    command: commands.removeQuotes,
  },
  more: { title: t('More…'), command: commands.moreActions },
});
