import * as vscode from 'vscode';
import type { Purpose } from '../../core/access/event.ts';

const { t } = vscode.l10n;

/** What was done, as people read it. */
export const purposeWords: Readonly<Record<Purpose, () => string>> = {
  reveal: () => t('Shown'),
  edit: () => t('Opened to be edited'),
  search: () => t('Searched'),
  copy: () => t('Copied'),
  decrypt: () => t('Decrypted'),
  'save-copy': () => t('Saved as plaintext'),
  export: () => t('Exported'),
  'exec-env': () => t('Given to a program, in its environment'),
  'exec-file': () => t('Given to a program, as a file'),
  answer: () => t('Given to a process that asked'),
  'key-export': () => t('Private key exported'),
  'back-up': () => t('Private keys backed up'),
  unlock: () => t('Unlocked'),
  grant: () => t('Access granted'),
  revoke: () => t('Access revoked'),
  fault: () => t('Fault of this log'),
};

/** The same as icons. */
export const purposeIcons: Readonly<Record<Purpose, string>> = {
  reveal: 'eye',
  edit: 'edit',
  search: 'search',
  copy: 'copy',
  decrypt: 'unlock',
  'save-copy': 'save-as',
  export: 'export',
  'exec-env': 'terminal',
  'exec-file': 'terminal',
  answer: 'remote',
  'key-export': 'key',
  'back-up': 'save',
  unlock: 'unlock',
  grant: 'person-add',
  revoke: 'circle-slash',
  fault: 'warning',
};
