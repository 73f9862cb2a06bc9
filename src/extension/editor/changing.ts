import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import { fitting } from '../../core/tree/typed.ts';
import type { Scalar } from '../../core/tree/value.ts';
import type { State, ValueType } from '../../protocol/editor.ts';
import type { Asked } from './answers.ts';
import type { SecretsDocument } from './document.ts';

const { t } = vscode.l10n;

/** The document, if it may be changed at all. Throws READ_ONLY (`restricted`) in a workspace that is not trusted. */
export function editable({ page }: Asked): SecretsDocument {
  if (!vscode.workspace.isTrusted) throw new LockstepError('READ_ONLY', { what: 'restricted' });
  return page.sheet.document;
}

/**
 * A typed text as a value of a type. Throws BAD_VALUE: with the type as its word where the text does not fit, `type` where
 * the format has no such values.
 */
export function scalarIn(text: string, as: ValueType, format: State['format']): Scalar {
  const textOnly = format !== 'yaml' && format !== 'json';
  if ((textOnly && as !== 'str') || (format === 'json' && as === 'time')) {
    throw new LockstepError('BAD_VALUE', { what: 'type' });
  }
  const value = as === 'null' ? nothing(text) : (special(text, as) ?? fitting(text, as));
  if (!value) throw new LockstepError('BAD_VALUE', { what: as });
  return value;
}

const nothing = (text: string): Scalar | undefined => (text === '' ? { type: 'null' } : undefined);

/** Numbers that have no digits, as `String` writes them. */
function special(text: string, as: ValueType): Scalar | undefined {
  return as === 'float' && /^(?:NaN|-?Infinity)$/.test(text) ? { type: 'float', value: Number(text) } : undefined;
}

/** What VS Code calls the steps in its undo history. No name of an entry: VS Code may show and keep it. */
export const labels = {
  set: () => t('Set Value'),
  add: () => t('Add Secret'),
  rename: () => t('Rename Secret'),
  remove: () => t('Delete Secrets'),
};
