import type { Facts, WordsFor } from '../../core/errors.ts';
import { managers } from '../../core/managers/kinds.ts';

type About = Pick<Facts['MANAGER'], 'manager'>;

const nameOf = ({ manager }: About) => (manager ? managers[manager].name : 'The manager');
const programOf = ({ manager }: About) => (manager ? managers[manager].program : 'of the manager');
const signIn = ({ manager }: About) => (manager ? managers[manager].signIn : '');
const byHand = (about: About) =>
  `Run ${about.manager ? managers[about.manager].byHand : programOf(about)} yourself: it says why.`;

/** What is said of secrets that another manager has. What its program printed is not. */
export const managerWords: Pick<WordsFor<readonly [what: string, next: string]>, 'MANAGER'> = {
  MANAGER: {
    bytes: (about) => [
      `What ${nameOf(about)} has there is no text.`,
      'Only text can be a variable. Let the program that needs it read it from there.',
    ],
    config: () => [
      'Your managers.yaml cannot be read.',
      'It has lines such as op: /usr/local/bin/op; docs/code.md says which.',
    ],
    denied: (about) => [`${nameOf(about)} does not give this secret to you.`, 'Ask whoever may change that there.'],
    empty: (about) => [`${nameOf(about)} has an empty secret there, or its program printed nothing.`, byHand(about)],
    failed: (about) => [`The program ${programOf(about)} did not get the secret from ${nameOf(about)}.`, byHand(about)],
    field: (about) => [
      `${nameOf(about)} has no such field there, or it is no text.`,
      'The name behind # is that of one value; numbers with a fraction have to be text there.',
    ],
    large: (about) => [`The program ${programOf(about)} printed more than a secret can be.`, byHand(about)],
    missing: (about) => [
      `The secret is in ${nameOf(about)}, and ${programOf(about)} is not on PATH.`,
      'Install it, or name it in your managers.yaml; docs/code.md says how.',
    ],
    'no-programs': (about) => [
      `The secret is in ${nameOf(about)}, and no program can be started here.`,
      'Run this where one can.',
    ],
    none: (about) => [`${nameOf(about)} has no such secret, or more than one.`, byHand(about)],
    reference: (about) => [
      `The value begins like a reference to ${nameOf(about)}, and is none.`,
      'docs/code.md shows how one is written; in a .env one with # needs quotes. For a text that only looks so, put literal: in front of it.',
    ],
    'signed-out': (about) => [
      `You are not signed in to ${nameOf(about)}.`,
      `Sign in with ${signIn(about)}, then try again.`,
    ],
    slow: (about) => [
      `The program ${programOf(about)} did not answer in time, and was ended.`,
      'It may wait for you to sign in or to unlock; seconds in your managers.yaml gives it longer.',
    ],
    unset: () => [
      'The value is a reference for vals, which you have not allowed.',
      'Such a reference also says which server is asked, and is shown your token there. If you trust it: vals: vals in your managers.yaml.',
    ],
    workspace: (about) => [
      `The secret is in ${nameOf(about)}, and the only ${programOf(about)} on PATH is in this repository.`,
      'Lockstep starts none from there. Install it elsewhere, or name it in your managers.yaml.',
    ],
  },
};
