import * as vscode from 'vscode';

/** Names in a sentence, and how many more there are than `most`. */
export function listed(names: readonly string[], most = 10): string {
  const list = names.slice(0, most).join(', ');
  return names.length > most ? vscode.l10n.t('{0} and {1} more', list, names.length - most) : list;
}
