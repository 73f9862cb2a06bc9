import * as vscode from 'vscode';
import type { Finding } from '../../core/check/finding.ts';
import { LockstepError } from '../../core/errors.ts';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import { wordsOf } from '../ui/words.ts';

const { t } = vscode.l10n;

/** What a finding in the next commit says. Names and places, no value. */
export function findingWords(finding: Finding): string {
  const { more } = finding;
  return more ? `${sentence(finding)} ${t('{0} more in this file.', more)}` : sentence(finding);
}

function sentence(finding: Finding): string {
  const name = finding.name === undefined ? '' : visible(finding.name);
  const of = finding.of === undefined ? '' : visible(finding.of);
  switch (finding.code) {
    case 'plain':
      if (finding.cause) return causeWords(finding, name);
      return name
        ? t('The next commit has {0} as plaintext, and a creation rule wants this file encrypted.', name)
        : t('The next commit has this file as plaintext, and a creation rule wants it encrypted.');
    case 'plain-name':
      return name
        ? t('The next commit has {0} as plaintext, in a file that is called like a secret one.', name)
        : t('The next commit has this file as plaintext, and it is called like a secret one.');
    case 'in-clear':
      return t('The next commit has {0} as plaintext in an encrypted file.', name);
    case 'in-metadata':
      return name
        ? t('The next commit has {0} as plaintext in the metadata, which is never encrypted. Delete it there.', name)
        : t('The next commit has a comment in the metadata that looks like a secret. Delete it.');
    case 'rule-selects':
      return t('{0} is plaintext because this file says so; its creation rule wants it encrypted.', name);
    case 'readers':
      return t('Other readers than its rule in .sops.yaml names.');
    case 'no-rule':
      return t('No creation rule covers this file, so nothing says who is meant to read it.');
    case 'nobodys-key':
      return t('Nobody is named for {0}. Write a name behind it, as “# Maria”.', shortRecipient(finding.name ?? ''));
    case 'left-over':
      return of
        ? t('The next commit has plaintext of {0} in it. Delete this file.', of)
        : t('The next commit has plaintext in it that an editor left. Delete this file.');
    case 'private-key':
      return t(
        'The next commit has a private key in it that opens files of this repository. Delete it, and make new keys if anybody has seen it.',
      );
    case 'own-value':
      return t('The next commit has the value of {0} from {1} here. Read it from the environment instead.', name, of);
    case 'missing':
      return t('{0} is named here, and there is no such secret or secret file.', name);
    default:
      return causeWords(finding, name);
  }
}

function causeWords({ code, cause = 'IO' }: Finding, name: string): string {
  const error =
    code === 'conflict' ? new LockstepError('SYNTAX', { what: 'conflict' }) : new LockstepError(cause as 'IO');
  const { message, next } = wordsOf(error);
  return [name && `${name}:`, message, next].filter(Boolean).join(' ');
}
