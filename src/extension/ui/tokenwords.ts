import * as vscode from 'vscode';
import type { WordsFor } from '../../core/errors.ts';

const { t } = vscode.l10n;
const copyAgain = () => t('Copy it again from where it came from, all of it.');

const keyForm = () => t('One is 16 or 32 bytes in base64: 24 or 44 characters.');

/** What is said of single values, as other systems encrypt them. */
export const tokenWords: Pick<WordsFor<readonly [what: string, next: string]>, 'BAD_TOKEN' | 'BAD_TOKEN_KEY'> = {
  BAD_TOKEN: {
    '': () => [t('This is no value of that format.'), t('Choose another format.')],
    altered: () => [t('The value was altered: it holds what no value of its format has.'), copyAgain()],
    cost: () => [
      t('Its pass phrase takes more work to check than Lockstep spends.'),
      t('If you know where it comes from, open it with age -d in a terminal.'),
    ],
    'not-text': () => [t('It is not text.'), t('Lockstep shows text only.')],
    truncated: () => [t('A part of the value is missing, most likely its end.'), copyAgain()],
    unknown: () => [t('This value does not say what it is.'), t('Choose its format.')],
    unsupported: () => [
      t('The value is of a version or a cipher that Lockstep does not know.'),
      t('Open it with its own tool.'),
    ],
  },
  BAD_TOKEN_KEY: {
    '': () => [
      t('The key or pass phrase does not open the value.'),
      t('It is another one, or the value was altered: this format cannot tell which.'),
    ],
    anvil: () => [t('This is no encryption key of Anvil.'), t('One is 16 bytes in base64: 24 characters.')],
    dotenvx: () => [t('This is no private key of dotenvx.'), t('One has 64 hexadecimal digits; it is in .env.keys.')],
    'dotenvx-public': () => [
      t('This is no public key of dotenvx.'),
      t('One has 66 hexadecimal digits; it is in the .env, as DOTENV_PUBLIC_KEY.'),
    ],
    empty: () => [t('The pass phrase is empty.'), t('Type one.')],
    fernet: () => [t('This is no Fernet key.'), t('One is 32 bytes in base64 for URLs: 44 characters.')],
    flowfile: () => [t('This is no master key of Flowfile.'), t('One is a Fernet key: 44 characters.')],
    rails: () => [
      t('This is no master key of Rails.'),
      t('One has 32 hexadecimal digits; it is in config/master.key.'),
    ],
  },
};

/** What is said of named encryption keys. */
export const keyWords: Pick<
  WordsFor<readonly [what: string, next: string]>,
  'NO_ENCRYPTION_KEY' | 'BAD_ENCRYPTION_KEY'
> = {
  NO_ENCRYPTION_KEY: {
    '': () => [t('There is no encryption key of this name.'), t('Correct the name, or add the key.')],
    several: () => [t('More than one encryption key has this name.'), t('Rename one of them.')],
  },
  BAD_ENCRYPTION_KEY: {
    '': () => [t('This is no encryption key.'), keyForm()],
    length: () => [t('This encryption key has the wrong length.'), keyForm()],
  },
};
