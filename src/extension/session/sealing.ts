import type * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import type { FormatId } from '../../core/format/document.ts';
import { bytesOfText } from '../../core/format/encoding.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { requireKeys } from '../../core/keys/others.ts';
import type { Rule } from '../../core/rules/rules.ts';
import { plainLeaves, sealBytes } from '../../core/seal/seal.ts';
import { holdsEnvelopes } from '../../core/session/inspect.ts';
import { isSealed, type Sealed } from '../../core/sops/sealed.ts';
import { isConfigName } from '../../core/view/names.ts';
import type { Services } from '../services.ts';
import { type Before, exchange, readBefore } from './exchange.ts';

/** What came of encrypting a file. */
export interface Encrypted {
  readonly uri: vscode.Uri;
  readonly sealed: Sealed;
  /** Undo cannot bring the plain text back; false when another extension keeps the old document open. */
  readonly undoClean: boolean;
}

/**
 * The rule that a file is to be encrypted by. @param otherwise for a file outside the workspace. Throws NO_RULE, FOREIGN_MASTER_KEY,
 * NO_RECIPIENTS, BAD_CONFIG.
 */
export async function ruleFor({ rules }: Services, uri: vscode.Uri, otherwise?: Rule): Promise<Rule> {
  const rule = isConfigName(uri.path) ? undefined : ((await rules.find(uri))?.rule ?? otherwise);
  if (!rule) throw new LockstepError('NO_RULE');
  await requireKeys(rule.groups.flat());
  if (rule.groups.flat().length === 0) throw new LockstepError('NO_RECIPIENTS');
  return rule;
}

/** A file that may be encrypted, as it was read. */
export interface Plain {
  readonly before: Before;
  /** What is encrypted: what was read, or another text in its place. */
  readonly bytes: Uint8Array;
  /** Empty for a binary file that is no text. */
  readonly text: string;
  readonly format: FormatId;
}

/**
 * Reads a file that is to be encrypted. Throws what reading throws, and for a file that is encrypted
 * already ALREADY_ENCRYPTED, or NO_METADATA where only the encrypted values are left of it: another layer of encryption
 * would bury them.
 */
export async function readPlain(services: Pick<Services, 'platform'>, uri: vscode.Uri): Promise<Plain> {
  const before = await readBefore(services, uri);
  const { format, text } = formatOfBytes(uri.path, before.bytes);
  if (isSealed(text, format)) refuseSealed(text, format);
  if (holdsEnvelopes(text, format)) throw new LockstepError('NO_METADATA');
  return { before, bytes: before.bytes, text, format };
}

/** The same file with another text to encrypt; what is on the disk must still be as it was read. */
export function withText(plain: Plain, text: string): Plain {
  return { ...plain, text, bytes: bytesOfText(text) };
}

/** The look for metadata is a cheap one: a plain file may have a deeper key called `sops`, or a top one of its own. */
function refuseSealed(text: string, format: FormatId): void {
  if (text.includes('ENC[AES256_GCM,')) throw new LockstepError('ALREADY_ENCRYPTED');
  if (format === 'binary') return;
  try {
    plainLeaves(text, format);
  } catch (error) {
    const own = error instanceof LockstepError && error.code === 'BAD_METADATA';
    throw own ? new LockstepError('ALREADY_ENCRYPTED') : error;
  }
}

/**
 * Encrypts a plain file where it stands. Throws what sealing and writing throw, CHANGED_ON_DISK when it is not as it was
 * read; then the file is as it was.
 */
export async function sealFile({ clock }: Services, plain: Plain, rule: Rule): Promise<Encrypted> {
  const { before, format } = plain;
  const { bytes, sealed } = await sealBytes(plain.bytes, format, rule, clock);
  return { uri: before.uri, sealed, undoClean: await exchange(before, bytes) };
}
