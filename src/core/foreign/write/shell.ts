import { shellQuoted } from '../../shell.ts';
import { lines } from './env.ts';
import { isVariable, type Target } from './target.ts';

/** What bash and zsh do not let anybody set. */
const readOnly = new Set([
  ...['BASHOPTS', 'BASH_VERSINFO', 'EUID', 'PPID', 'SHELLOPTS', 'UID'],
  ...['LINENO', 'ARGC', 'ZSH_SUBSHELL', 'TTYIDLE', 'HISTCMD', '_'],
]);

/** Lines for `source` and `eval` of a POSIX shell. */
export const shell: Target = {
  file: 'secrets.sh',
  refuses: ({ variable }) => (isVariable(variable) ? (readOnly.has(variable) ? 'reserved' : undefined) : 'name'),
  text: lines(({ variable, value }) => `export ${variable}=${shellQuoted(value)}`),
};
