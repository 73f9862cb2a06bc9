import * as vscode from 'vscode';
import { LockstepError } from '../../../core/errors.ts';
import { fitting } from '../../../core/tree/typed.ts';
import { type Scalar, text as textScalar } from '../../../core/tree/value.ts';
import type { State, ValueType } from '../../../protocol/messages.ts';
import { requireTrust } from '../../session/trust.ts';
import type { SecretsDocument } from '../document/document.ts';
import type { Asked } from './answers.ts';

const { t } = vscode.l10n;

/** The document, if it may be changed at all. Throws UNTRUSTED in a workspace that is not trusted. */
export function editable({ page }: Asked): SecretsDocument {
  requireTrust();
  return page.sheet.document;
}

/**
 * A typed text as a value of a type. Throws BAD_VALUE: `not-` and the type where the text does not fit, `type` where
 * the format has no such values.
 */
export function scalarIn(text: string, as: ValueType, format: State['format']): Scalar {
  const textOnly = format !== 'yaml' && format !== 'json';
  if ((textOnly && as !== 'str') || (format === 'json' && as === 'time')) {
    throw new LockstepError('BAD_VALUE', { what: 'type' });
  }
  if (as === 'str') return textScalar(text);
  const value = readAs(text.trim(), as);
  if (!value) throw new LockstepError('BAD_VALUE', { what: `not-${as}` });
  return value;
}

/** The forms that people write, and those that YAML and SOPS have. */
function readAs(text: string, as: Exclude<ValueType, 'str'>): Scalar | undefined {
  switch (as) {
    case 'null':
      return /^(?:|null|~)$/i.test(text) ? { type: 'null' } : undefined;
    case 'bool':
      return fitting(text.toLowerCase(), as);
    case 'int':
      return fitting(text, as);
    case 'float':
      return special(text) ?? fitting(text, as);
    case 'time':
      return fitting(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text.replace(/[t ]/, 'T'), as);
  }
}

/** Numbers that have no digits. */
function special(text: string): Scalar | undefined {
  const [, sign, name] = /^([-+]?)\.?(inf|infinity|nan)$/i.exec(text) ?? [];
  if (name === undefined) return undefined;
  if (name.toLowerCase() === 'nan') return sign === '' ? { type: 'float', value: Number.NaN } : undefined;
  return { type: 'float', value: sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY };
}

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
