import * as vscode from 'vscode';

const { t } = vscode.l10n;

/** “3 files”. */
export const counted = (count: number): string => (count === 1 ? t('1 file') : t('{0} files', count));
