import * as vscode from 'vscode';
import type { Facts, Word } from '../../core/errors.ts';
import { kindNames } from '../../core/sops/kinds.ts';
import { visible } from '../../core/tree/path.ts';

const { t } = vscode.l10n;

type Say = (facts: Facts['KEY_SERVICE']) => readonly [what: string, next: string];

/** What a key service did instead of answering. Its own words are shown: they say which permission or setting is missing. */
export const keyServiceWords: Readonly<Record<Word<'KEY_SERVICE'>, Say>> = {
  answer: ({ kind }) => [
    t('The key service gave an answer for {0} that is no data key.', kindNames[kind]),
    t('Check the setting lockstep.keyServices. Another program may listen there.'),
  ],
  denied: ({ kind }) => [
    t('The key service refused to use {0}.', kindNames[kind]),
    t('Allow it there, and try again.'),
  ],
  ended: ({ kind }) => [
    t('The key service ended before it answered for {0}.', kindNames[kind]),
    t('Run “sops keyservice” in a terminal to see why it ends.'),
  ],
  failed: ({ kind, reason }) => [
    reason === undefined
      ? t('The key service could not use {0}.', kindNames[kind])
      : t('The key service could not use {0}. It says: {1}', kindNames[kind], visible(reason)),
    t('Check the credentials for it where the key service runs, and try again.'),
  ],
  'other-key': ({ kind }) => [
    t(
      'Nothing in the file opens with the data key that the key service gave for {0}: the service answered with another key, or the file was changed.',
      kindNames[kind],
    ),
    t(
      'Check the setting lockstep.keyServices and the service, then lock and unlock Lockstep. If it is right, compare the file with the last commit.',
    ),
  ],
  silent: ({ kind }) => [
    t('The key service did not answer for {0} in time.', kindNames[kind]),
    t('Check the network, and whether the service waits for somebody.'),
  ],
  stopped: ({ kind }) => [t('Asking for {0} was stopped.', kindNames[kind]), t('Try again when you are ready.')],
  unasked: ({ kind }) => [
    t('You have not allowed yet that {0} is asked at this address.', kindNames[kind]),
    t('Choose Unlock if it is yours. Nothing was changed.'),
  ],
  unreachable: ({ kind }) => [
    t('No key service answers for {0}.', kindNames[kind]),
    t('Check the setting lockstep.keyServices, and start the service.'),
  ],
  unsupported: ({ kind }) => [
    t('The key service uses no keys of {0}.', kindNames[kind]),
    t('Name one that does in the setting lockstep.keyServices, or install sops.'),
  ],
  version: ({ kind }) => [
    t('This needs “sops” 3.9 or newer for {0}, or a key service.', kindNames[kind]),
    t('The sops on PATH is older. Update it, and restart VS Code.'),
  ],
};
