import * as vscode from 'vscode';
import type { Word } from '../../core/errors.ts';

const { t } = vscode.l10n;

/** What is wrong with a part of `.lockstep/environments.yaml`, or of the setting. Made when asked for, as translations come after start. */
export const declarationWords: Readonly<Record<Word<'BAD_ENVIRONMENTS'> | '', () => string>> = {
  '': () => t('It cannot be read as environments, each with files, loader, variables or default.'),
  field: () =>
    t('There is no such field. There are files, loader, variables and default; “*” takes loader and variables.'),
  gone: () => t('There is no such file.'),
  kind: () => t('The value is of the wrong kind.'),
  large: () => t('It is larger than 256 KB.'),
  link: () => t('The file is a link that leads out of the repository.'),
  list: () => t('The files are not a list. Write brackets, also for one file.'),
  loader: () => t('There is no such loader. There are dotenv, compose, python and literal.'),
  many: () => t('An environment has at most 100 files.'),
  name: () => t('An environment cannot have this name. It may have letters, digits and the signs _ . @ + and - in it.'),
  others: () => t('The file belongs to another user, and others may put files there.'),
  path: () => t('A file cannot be named so. Write its path from the folder that holds .lockstep, without “..”.'),
  plain: () => t('The file is not encrypted, so no program gets its values.'),
  twice: () => t('This is there twice. Leave one of the two out.'),
  unread: () => t('The file cannot be read. Open it to see why.'),
  unused: () => t('The variables name a secret that none of the files has.'),
  variable: () => t('A variable cannot have this name. Use the letters A–Z and a–z, digits and _, and no digit first.'),
};
