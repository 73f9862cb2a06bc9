import type { Finding } from '../../core/check/finding.ts';
import { type ErrorCode, LockstepError } from '../../core/errors.ts';
import type { Names } from '../../core/people/names.ts';
import { maxSurveyed } from '../../core/survey/facts.ts';
import { named } from '../keys/names.ts';
import { sentenceOf } from './words.ts';

/** What each kind of finding is about, for a list of rules. */
export const titles: Readonly<Record<Finding['code'], string>> = {
  plain: 'Plaintext in a file that a rule wants encrypted',
  'plain-name': 'Plaintext in a file that is called like a secret one',
  'in-clear': 'Plaintext in the place of a ciphertext',
  'in-metadata': 'Plaintext in the metadata of an encrypted file',
  'rule-selects': 'Plaintext that the creation rule wants encrypted',
  damaged: 'A value or the MAC does not verify',
  conflict: 'Conflict markers',
  unreadable: 'A secret file that cannot be read',
  unread: 'A secret file that was not looked at',
  readers: 'Readers other than those of the creation rule',
  'no-rule': 'No creation rule for an encrypted file',
  'bad-rule': 'A rule that cannot be used',
  'nobodys-key': 'A key without an owner',
  'left-over': 'Plaintext beside an encrypted file',
  'private-key': 'A private key that opens files of this repository',
  'own-value': 'The value of a secret in another file',
  missing: 'A secret that is named and not there',
  'bad-environments': 'A list of environments that cannot be used',
};

/** What a finding says, and the next step. Not yet fit for a terminal. @param names of people, by their keys */
export function wordsOf(finding: Finding, names: Names): string {
  const { more } = finding;
  return more ? `${sentence(finding, names)} ${more} more in this file.` : sentence(finding, names);
}

function sentence(finding: Finding, names: Names): string {
  const { code, name, of } = finding;
  switch (code) {
    case 'plain':
      if (finding.cause) return `It is not encrypted. ${causeOf(finding)}`;
      return `${name ? `${name} is` : 'It is'} plaintext, and a creation rule wants this file encrypted. lockstep encrypt -i FILE`;
    case 'plain-name':
      return `${name ? `${name} is` : 'It is'} plaintext, in a file that is called like a secret one. No creation rule covers it.`;
    case 'in-clear':
      return `${name} is plaintext in an encrypted file. lockstep edit FILE`;
    case 'in-metadata':
      return `${name ?? 'A comment'} looks like a secret and is plaintext in the metadata, which is never encrypted. Delete it there, and add it with lockstep edit FILE`;
    case 'rule-selects':
      return `${name} is plaintext, because the file says so; its creation rule wants it encrypted. Decrypt the file and encrypt it again.`;
    case 'damaged':
      return `${name ? `${name}: ` : ''}${causeOf(finding)}`;
    case 'conflict':
    case 'unreadable':
    case 'unread':
    case 'bad-environments':
      return `${name ? `${name}: ` : ''}${causeOf(finding)}`;
    case 'bad-rule':
      return causeOf(finding);
    case 'readers':
      return `${readerWords(finding, names)} lockstep updatekeys FILE`;
    case 'no-rule':
      return 'No creation rule covers it, so nothing says who is meant to read it.';
    case 'nobodys-key':
      return `Nobody is named for ${name}. Write a name behind it, as “# Maria”.`;
    case 'left-over':
      return of ? `This is plaintext of ${of}. Delete it.` : 'This is plaintext that an editor left. Delete it.';
    case 'private-key':
      return `This private key (of ${name}) opens files of this repository. Delete it, and make new keys if anybody has seen it.`;
    case 'own-value':
      return `The value of ${name} in ${of} is here in plaintext. Read it from the environment instead.`;
    case 'missing':
      return `${name} is named here, and ${of ? `the environment ${of} has no such secret` : 'no secret file has it'}.`;
  }
}

function readerWords({ extra = [], lacks = [] }: Finding, names: Names): string {
  const people = (keys: readonly string[]) => keys.map((name) => named(names, { name })).join(', ');
  const said = [
    ...(extra.length > 0 ? [`can read it, and the rule does not say so: ${people(extra)}.`] : []),
    ...(lacks.length > 0 ? [`cannot read it, and the rule says so: ${people(lacks)}.`] : []),
  ];
  if (said.length === 0) return 'Its key groups, or how many are needed, are not those of its rule.';
  return said.map((one) => one.replace(/^c/, 'C')).join(' ');
}

/** Why a file was not looked into: a survey keeps the code of an error only. */
export function unreadWords(cause: ErrorCode): string {
  if (cause === 'TOO_LARGE') return `The file is larger than ${maxSurveyed / 1024 / 1024} MB.`;
  return sentenceOf(new LockstepError(cause as 'IO'));
}

function causeOf({ code, cause }: Finding): string {
  if (code === 'unread') return unreadWords(cause ?? 'IO');
  if (code === 'conflict') return sentenceOf(new LockstepError('SYNTAX', { what: 'conflict' }));
  if (code === 'bad-environments' && cause === undefined) return 'This part of the list cannot be used.';
  return sentenceOf(new LockstepError((cause ?? 'IO') as 'IO'));
}
