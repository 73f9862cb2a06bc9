import * as vscode from 'vscode';
import type { KnownFile } from '../../core/document/file.ts';
import { isPartlyOpen } from '../../core/dotenvx/open.ts';
import { UnwrapError } from '../../core/keys/unwrap.ts';
import type { FileState } from '../../core/session/state.ts';
import { kindNames } from '../../core/sops/kinds.ts';
import type { Notice, NoticeAction } from '../../protocol/messages.ts';
import { fileName, wordsOf } from '../ui/words.ts';

const { t } = vscode.l10n;

/** The sentence in place of the table, or above it, with its buttons. Undefined for a file that is open and as it should be. */
export function noticeOf(uri: vscode.Uri, state: FileState, gone: KnownFile['gone']): Notice | undefined {
  const name = fileName(uri);
  if (gone) {
    const text =
      gone === 'emptied'
        ? t(
            '{0} is empty on disk: another program emptied it. Your version is kept here. Save As writes it to a file, also to this one.',
            name,
          )
        : t(
            '{0} is no longer on disk: it was deleted, renamed or moved. Your version is kept here. Save As writes it to a file.',
            name,
          );
    return { kind: 'gone', text, actions: ['reload'] };
  }
  switch (state.kind) {
    case 'open':
      return state.sealed.dotenvx && isPartlyOpen(state.opened)
        ? withoutKey(name)
        : state.opened.mislabelled && readers(name);
    case 'locked':
      return { kind: 'locked', text: t('{0} is encrypted, and Lockstep is locked.', name), actions: ['unlock'] };
    case 'unreadable':
      return unreadable(name, state);
    case 'damaged':
      return damaged(name, state);
    case 'broken':
      return { kind: 'broken', text: sentence(state.error, name), actions: ['openAsText', 'reload'] };
    case 'unsupported':
      return { kind: 'unsupported', text: sentence(state.error, name), actions: ['openAsText'] };
    case 'plain':
      return state.rule
        ? { kind: 'plain', text: t('The values in {0} are not encrypted.', name), actions: ['encrypt', 'openAsText'] }
        : noRule(t('The values in {0} are not encrypted, and no rule says for whom to encrypt them.', name));
    case 'none':
      return noRule(t('{0} is not encrypted.', name));
  }
}

/** Its public key is enough to add values, and to replace them. */
function withoutKey(name: string): Notice {
  const text = t(
    '{0} is encrypted by dotenvx, and no private key here opens all of it. You can add and replace values: the public key in the file is enough. To read them, put its .env.keys beside the file.',
    name,
  );
  return { kind: 'readers', text, actions: ['reload'] };
}

/** All of it can be read and edited; nobody new gets its data key. */
function readers(name: string): Notice {
  const text = t(
    '{0}: your key opens an entry that names another public key, so somebody may have changed who can read the file. Compare it with the last commit.',
    name,
  );
  return { kind: 'readers', text, actions: [] };
}

function noRule(text: string): Notice {
  return { kind: 'plain', text, actions: ['encrypt', 'setUp', 'openAsText'] };
}

function sentence(error: Parameters<typeof wordsOf>[0], name: string): string {
  const { message, next } = wordsOf(error, name);
  return `${message} ${next}`;
}

function unreadable(name: string, { error, sealed }: Extract<FileState, { kind: 'unreadable' }>): Notice {
  const [foreign] = sealed.metadata.foreign;
  const actions: NoticeAction[] = ['importKey', 'openAsText'];
  if (error.code === 'NO_AGE_RECIPIENT' && foreign) {
    return { kind: 'unreadable', text: t('{0} needs {1}.', name, kindNames[foreign.kind]), actions: ['openAsText'] };
  }
  const failed = error instanceof UnwrapError && error.faults.length > 0;
  return { kind: 'unreadable', text: sentence(error, name), actions: failed ? ['reload', 'openAsText'] : actions };
}

/** The table is below: what still opens can be read. */
function damaged(name: string, { opened }: Extract<FileState, { kind: 'damaged' }>): Notice {
  const failures = opened.verdict.ok ? [] : opened.verdict.failures.filter(({ leaf }) => leaf);
  const what =
    failures.length === 0
      ? t('The MAC of {0} does not match: somebody changed the file without the key.', name)
      : failures.length === 1
        ? t('{0}: 1 entry cannot be verified. Somebody changed it without the key.', name)
        : t('{0}: {1} entries cannot be verified. Somebody changed them without the key.', name, failures.length);
  const next = t('You can read the file but not change it. Compare it with the last commit, or restore it from there.');
  return { kind: 'damaged', text: `${what} ${next}`, actions: ['openAsText', 'reload'] };
}
