import * as vscode from 'vscode';
import type { FormatId } from '../../core/format/document.ts';
import { visible } from '../../core/tree/path.ts';

const { t } = vscode.l10n;

/** What is wrong with a name for an entry, said while it is typed; the format has the last word when it is written. */
export function checkName(name: string, format: FormatId, taken: (name: string) => boolean): string | undefined {
  if (name === '') return t('A secret needs a name.');
  if (name !== name.trim() || visible(name) !== name)
    return t('A name has no spaces at its ends and no invisible characters.');
  if (format === 'dotenv' && !/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name))
    return t('In .env files a name has letters, digits and underscores, and starts with a letter.');
  if (format === 'ini' && /^[#;[-]|[\]"=:`]/.test(name))
    return t('In .ini files a name has no quotes, brackets, equals sign or colon, and does not start with # or ;.');
  if (name === 'sops' || (format === 'dotenv' && name.startsWith('sops_'))) return t('This name belongs to SOPS.');
  return taken(name) ? t('There is an entry of this name already.') : undefined;
}
