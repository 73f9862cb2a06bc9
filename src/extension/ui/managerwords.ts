import * as vscode from 'vscode';
import type { Facts, WordsFor } from '../../core/errors.ts';
import { managers } from '../../core/managers/kinds.ts';

const { t } = vscode.l10n;

type About = Pick<Facts['MANAGER'], 'manager'>;

const nameOf = ({ manager }: About) => (manager ? managers[manager].name : '');
const programOf = ({ manager }: About) => (manager ? managers[manager].program : '');
const byHand = ({ manager }: About) =>
  t('Run {0} in a terminal: it says why.', manager ? managers[manager].byHand : '');

/** What is said of secrets that another manager has. What its program printed is not. */
export const managerWords: Pick<WordsFor<readonly [what: string, next: string]>, 'MANAGER'> = {
  MANAGER: {
    bytes: (about) => [
      t('What {0} has there is no text.', nameOf(about)),
      t('Let the program that needs it read it from there.'),
    ],
    config: () => [
      t('Your managers.yaml cannot be read.'),
      t('It has lines such as op: /usr/local/bin/op. The documentation says which.'),
    ],
    denied: (about) => [
      t('{0} does not give this secret to you.', nameOf(about)),
      t('Ask whoever may change that there.'),
    ],
    empty: (about) => [
      t('{0} has an empty secret there, or its program printed nothing.', nameOf(about)),
      byHand(about),
    ],
    failed: (about) => [t('{0} did not get the secret from {1}.', programOf(about), nameOf(about)), byHand(about)],
    field: (about) => [
      t('{0} has no such field there, or it is no text.', nameOf(about)),
      t('The name behind # is that of one value. Numbers with a fraction have to be text there.'),
    ],
    large: (about) => [t('{0} printed more than a secret can be.', programOf(about)), byHand(about)],
    missing: (about) => [
      t('The secret is in {0}, and {1} is not on PATH.', nameOf(about), programOf(about)),
      t('Install it, or name it in your managers.yaml. VS Code may know another PATH than your terminal.'),
    ],
    'no-programs': (about) => [
      t('The secret is in {0}, and no program can be started here.', nameOf(about)),
      t('Use Lockstep in VS Code on a computer.'),
    ],
    none: (about) => [t('{0} has no such secret, or more than one.', nameOf(about)), byHand(about)],
    reference: (about) => [
      t('The value begins like a reference to {0}, and is none.', nameOf(about)),
      t('Correct it. For a text that only looks so, put literal: in front of it.'),
    ],
    'signed-out': ({ manager }) => [
      t('You are not signed in to {0}.', nameOf({ manager })),
      t('Sign in with {0}, then try again.', manager ? managers[manager].signIn : ''),
    ],
    slow: (about) => [
      t('{0} did not answer in time, and was ended.', programOf(about)),
      t('It may wait for you to sign in or to unlock.'),
    ],
    unset: () => [
      t('The value is a reference for vals, which you have not allowed.'),
      t(
        'Such a reference also says which server is shown your token. If you trust it, allow vals in your managers.yaml.',
      ),
    ],
    workspace: (about) => [
      t('The secret is in {0}, and the only {1} on PATH is in this repository.', nameOf(about), programOf(about)),
      t('Lockstep starts none from there. Install it elsewhere, or name it in your managers.yaml.'),
    ],
  },
};
