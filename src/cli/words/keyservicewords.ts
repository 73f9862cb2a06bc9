import type { Facts, Word } from '../../core/errors.ts';
import { kindNames } from '../../core/sops/kinds.ts';
import { visible } from '../../core/tree/path.ts';

type Say = (facts: Facts['KEY_SERVICE']) => readonly [what: string, next: string];

const setUp = (kind: keyof typeof kindNames) =>
  `Look at the credentials for ${kindNames[kind]} where the key service runs. lockstep why FILE says what each kind takes.`;

/** What a key service did instead of answering. Its own words are shown: they say which permission or setting is missing. */
export const keyServiceWords: Readonly<Record<Word<'KEY_SERVICE'>, Say>> = {
  answer: ({ kind }) => [
    `The key service gave an answer for ${kindNames[kind]} that is no data key.`,
    'Look at --keyservice and SOPS_KEYSERVICE: another program may listen there.',
  ],
  denied: ({ kind }) => [`The key service refused to use ${kindNames[kind]}.`, 'Allow it there, and run this again.'],
  ended: ({ kind }) => [
    `The key service ended before it answered for ${kindNames[kind]}.`,
    'Run sops keyservice in a terminal to see why it ends.',
  ],
  failed: ({ kind, reason }) => [
    `The key service could not use ${kindNames[kind]}${reason === undefined ? '' : ` (it says: ${visible(reason)})`}.`,
    setUp(kind),
  ],
  'other-key': ({ kind }) => [
    `Nothing in the file opens with the data key that the key service gave for ${kindNames[kind]}: the service answered with another key, or the file was changed.`,
    'Look at --keyservice, SOPS_KEYSERVICE and the service first. If it is right, compare the file with the last commit.',
  ],
  silent: ({ kind }) => [
    `The key service did not answer for ${kindNames[kind]} in time.`,
    'Look at the network, and whether the service waits for somebody.',
  ],
  stopped: ({ kind }) => [`Asking for ${kindNames[kind]} was stopped.`, 'Run this again.'],
  unasked: ({ kind }) => [
    `Nobody has allowed yet that ${kindNames[kind]} is asked at this address.`,
    'Open the file in VS Code and choose Unlock.',
  ],
  unreachable: ({ kind }) => [
    `No key service answers for ${kindNames[kind]}.`,
    'Look at --keyservice and SOPS_KEYSERVICE: tcp://127.0.0.1:5000 or unix:///path/of/socket.',
  ],
  unsupported: ({ kind }) => [
    `The key service uses no keys of ${kindNames[kind]}.`,
    'Name one that does with --keyservice or SOPS_KEYSERVICE, or install sops.',
  ],
  version: ({ kind }) => [
    `This needs \`sops\` 3.9 or newer for ${kindNames[kind]}, or a key service.`,
    'Install or update sops; sops --version says what is there.',
  ],
};
