import * as vscode from 'vscode';
import type { FileState } from '../../core/session/state.ts';
import type { Leaf } from '../../core/sops/sealed.ts';
import { textOfScalar } from '../../core/tree/typed.ts';
import { type CommandId, commands } from '../ids.ts';

const { t } = vscode.l10n;

/** What can be done with the one value of a binary file; undefined for other files. Bytes that are no text cannot be shown. */
export function binaryLinks(
  state: FileState,
  { id }: Leaf,
): { readonly title: string; readonly command: CommandId }[] | undefined {
  if (state.kind !== 'open' || state.sealed.format !== 'binary') return undefined;
  const value = state.opened.value(id);
  const isText = value !== undefined && textOfScalar(value) !== undefined;
  return [
    { title: t('Copy'), command: commands.copyValue },
    ...(isText ? [{ title: t('Reveal'), command: commands.revealValue }] : []),
    { title: t('Replace From File…'), command: commands.replaceFromFile },
    { title: t('Save a Copy…'), command: commands.saveCopy },
  ];
}
