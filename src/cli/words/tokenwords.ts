import type { WordsFor } from '../../core/errors.ts';

const copyAgain = 'Copy it again from where it came from, all of it.';

const keyForm = 'One is 16 or 32 bytes in base64: 24 or 44 characters.';

/** What is said of single values, as other systems encrypt them. */
export const tokenWords: Pick<WordsFor<readonly [what: string, next: string]>, 'BAD_TOKEN' | 'BAD_TOKEN_KEY'> = {
  BAD_TOKEN: {
    '': () => ['This is no value of that format.', 'Leave --format out: most values say what they are.'],
    altered: () => ['The value was altered: it holds what no value of its format has.', copyAgain],
    cost: () => [
      'Its pass phrase takes more work to check than Lockstep spends.',
      'If you know where it comes from, open it with age -d.',
    ],
    'not-text': () => ['It is not text.', 'This format holds text only, in UTF-8.'],
    truncated: () => ['A part of the value is missing, most likely its end.', copyAgain],
    unknown: () => [
      'This value does not say what it is.',
      'Name it: --format anvil, --format flet-gcm and --format kestra have no mark of their own.',
    ],
    unsupported: () => [
      'The value is of a version or a cipher that Lockstep does not know.',
      'Open it with its own tool.',
    ],
  },
  BAD_TOKEN_KEY: {
    '': () => [
      'The key or pass phrase does not open the value.',
      'It is another one, or the value was altered: this format cannot tell which.',
    ],
    anvil: () => ['This is no encryption key of Anvil.', 'One is 16 bytes in base64: 24 characters.'],
    dotenvx: () => ['This is no private key of dotenvx.', 'One has 64 hexadecimal digits; it is in .env.keys.'],
    'dotenvx-public': () => [
      'This is no public key of dotenvx.',
      'One has 66 hexadecimal digits; it is in the .env, as DOTENV_PUBLIC_KEY.',
    ],
    empty: () => ['The pass phrase is empty.', 'Type one, or give it by --key-env NAME.'],
    fernet: () => ['This is no Fernet key.', 'One is 32 bytes in base64 for URLs: 44 characters.'],
    flowfile: () => ['This is no master key of Flowfile.', 'One is a Fernet key: 44 characters.'],
    rails: () => ['This is no master key of Rails.', 'One has 32 hexadecimal digits; it is in config/master.key.'],
  },
};

/** What is said of named encryption keys. */
export const keyWords: Pick<
  WordsFor<readonly [what: string, next: string]>,
  'NO_ENCRYPTION_KEY' | 'BAD_ENCRYPTION_KEY'
> = {
  NO_ENCRYPTION_KEY: {
    '': () => ['There is no encryption key of this name.', 'lockstep encryption-key list shows those that there are.'],
    several: () => ['More than one encryption key has this name.', 'Choose the file: -f FILE.'],
  },
  BAD_ENCRYPTION_KEY: {
    '': () => ['This is no encryption key.', keyForm],
    length: () => ['This encryption key has the wrong length.', keyForm],
  },
};
