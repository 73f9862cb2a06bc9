import * as vscode from 'vscode';
import { type ForeignKind, kindNames } from '../../core/sops/kinds.ts';

const { t } = vscode.l10n;

/** What Lockstep needs for a kind of key. */
export const kindNeeds = (kind: ForeignKind): string =>
  kind === 'pgp' ? t('“gpg” for PGP') : t('“sops” 3.9 or newer for {0}, or a key service', kindNames[kind]);
