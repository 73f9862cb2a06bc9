import type * as vscode from 'vscode';
import { fromUtf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import type { FormatId } from '../../core/format/document.ts';
import { recognise } from '../../core/format/which.ts';
import type { Rule } from '../../core/sops/rules.ts';
import { seal } from '../../core/sops/seal.ts';
import type { Sealed } from '../../core/sops/sealed.ts';
import { isConfigName } from '../names.ts';
import type { Services } from '../services.ts';
import { exchange, readBefore } from './exchange.ts';

/** What came of encrypting a file. */
export interface Encrypted {
  readonly uri: vscode.Uri;
  readonly sealed: Sealed;
  /** Undo cannot bring the plain text back; false when another extension keeps the old document open. */
  readonly undoClean: boolean;
}

/** The rule that a file is to be encrypted by. Throws NO_RULE, KEY_GROUPS, FOREIGN_MASTER_KEY, NO_RECIPIENTS, BAD_CONFIG. */
export async function ruleFor({ rules }: Services, uri: vscode.Uri): Promise<Rule> {
  const rule = isConfigName(uri.path) ? undefined : (await rules.find(uri))?.rule;
  if (!rule) throw new LockstepError('NO_RULE');
  if (rule.keyGroups) throw new LockstepError('KEY_GROUPS');
  if (rule.foreign[0]) throw new LockstepError('FOREIGN_MASTER_KEY', { what: rule.foreign[0] });
  if (rule.recipients.length === 0) throw new LockstepError('NO_RECIPIENTS');
  return rule;
}

/** Encrypts a plain file where it stands. Throws what reading, sealing and writing throw; then the file is as it was. */
export async function sealFile({ clock }: Services, uri: vscode.Uri, rule: Rule): Promise<Encrypted> {
  const before = await readBefore(uri);
  const plain = fromUtf8(before.bytes);
  const format = formatFor(uri, plain);
  const { text, sealed } = await seal(plain, format, rule, clock);
  return { uri, sealed, undoClean: await exchange(before, text) };
}

function formatFor(uri: vscode.Uri, text: string): FormatId {
  const found = recognise(uri.path, text);
  if ('unsupported' in found) throw new LockstepError('UNSUPPORTED_FORMAT', { what: found.unsupported });
  return found.format;
}
