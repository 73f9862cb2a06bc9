import * as vscode from 'vscode';

const { t } = vscode.l10n;

/** What VS Code calls the steps in its undo history. No name of an entry: VS Code may show and keep it. */
export const labels = {
  set: () => t('Set Value'),
  add: () => t('Add Secret'),
  rename: () => t('Rename Secret'),
  remove: () => t('Delete Secrets'),
  duplicate: () => t('Duplicate Secret'),
  move: () => t('Move Secret'),
  paste: () => t('Paste .env'),
  comment: () => t('Change Comment'),
  markPlain: () => t('Change Encryption of an Entry'),
  text: () => t('Edit Text'),
  replace: () => t('Replace in Values'),
  merge: () => t('Bring Changes Together'),
};
