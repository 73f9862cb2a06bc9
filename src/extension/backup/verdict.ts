import * as vscode from 'vscode';
import type { Reading } from '../../core/backup/check.ts';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import type { KeyInfo } from '../services.ts';
import { fileName } from '../ui/words.ts';
import type { BackedUpKey } from './opened.ts';

const { t } = vscode.l10n;

interface Words {
  /** What the backup opens, in one sentence. */
  readonly verdict: string;
  /** Its keys, and the files that it does not open. */
  readonly details: readonly string[];
  /** Which of one's present keys are not in it. */
  readonly missing: string | undefined;
}

/** What a backup is worth today. @param own the keys in SecretStorage */
export function wordsOf(
  keys: readonly BackedUpKey[],
  own: readonly KeyInfo[],
  read: ReadonlyMap<vscode.Uri, Reading>,
): Words {
  const held = new Set(keys.map(({ recipient }) => recipient));
  const missing = own.filter(({ recipient }) => !held.has(recipient)).map(({ label }) => visible(label));
  const those = (...wanted: Reading[]) => [...read].filter(([, one]) => wanted.includes(one)).map(([uri]) => uri);
  return {
    verdict: verdictOf([...read.values()]),
    details: [
      keys.map((key) => keyLine(key, own)).join('\n'),
      listOf(t('It does not open:'), those('shut')),
      listOf(t('It opens these, which are damaged:'), those('damaged')),
      listOf(t('No key opens these as they are:'), those('broken')),
    ].filter((part) => part !== ''),
    missing:
      missing.length > 0 ? t('Not in this backup: {0}. Back up your keys again.', missing.join(', ')) : undefined,
  };
}

const opens = (reading: Reading) => reading === 'opens' || reading === 'damaged';

function verdictOf(readings: readonly Reading[]): string {
  const count = readings.filter(opens).length;
  const all = readings.length;
  if (all === 0) return t('The pass phrase opens the backup. There is no encrypted file here to try its keys with.');
  if (count === 0)
    return all === 1
      ? t('This is a backup of other keys: it does not open the encrypted file here.')
      : t('This is a backup of other keys: it opens none of the {0} encrypted files here.', all);
  if (count < all) return t('This backup opens {0} of the {1} encrypted files here.', count, all);
  return all === 1
    ? t('This backup opens the encrypted file here.')
    : t('This backup opens all {0} encrypted files here.', all);
}

function keyLine({ recipient, comment }: BackedUpKey, own: readonly KeyInfo[]): string {
  const known = own.find((key) => key.recipient === recipient);
  const line = `${visible(known?.label ?? comment ?? t('a key'))}: ${shortRecipient(recipient)}`;
  return known ? t('{0} (you have it)', line) : line;
}

/** Names at most this many files in a question. */
const namedFiles = 10;

function listOf(title: string, files: readonly vscode.Uri[]): string {
  if (files.length === 0) return '';
  const rest = files.length - namedFiles;
  return [title, ...files.slice(0, namedFiles).map(fileName), ...(rest > 0 ? [t('and {0} more', rest)] : [])].join(
    '\n',
  );
}
