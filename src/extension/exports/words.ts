import * as vscode from 'vscode';
import type { TargetName } from '../../core/foreign/write/names.ts';
import type { Problem, Why } from '../../core/foreign/write/target.ts';
import { showPath, visible } from '../../core/tree/path.ts';

const { t } = vscode.l10n;

/** What a person chooses: the name of each target, and what it is for. */
export const targetWords: Readonly<Record<TargetName, readonly [label: string, description: string]>> = {
  dotenv: ['.env', t('dotenv of npm; python-dotenv and Compose where they read the same')],
  python: [t('.env for python-dotenv'), ''],
  compose: [t('.env for Docker Compose'), ''],
  docker: [t('.env for docker run --env-file'), t('values as they are, no quotes')],
  systemd: [t('EnvironmentFile of systemd'), ''],
  shell: [t('Shell'), t('export lines to source')],
  json: ['JSON', t('names and values')],
  yaml: ['YAML', t('names and values')],
  kubernetes: [t('Kubernetes Secret'), ''],
  'compose-secrets': [t('Secrets of a Compose file'), t('names only: the values come from the environment')],
  kestra: ['Kestra', t('SECRET_ variables in base64')],
  'kestra-macro': [t('Kestra with base64encode'), t('SECRET_ variables that Kestra encodes')],
  anvil: ['Anvil App Server', t('secret and encryption-key maps')],
  github: ['GitHub', t('for gh secret set --env-file')],
  gitlab: ['GitLab', t('variables as its API has them')],
  tfvars: ['Terraform', '.tfvars'],
  flet: ['Flet', t('a token for each value, by a pass phrase')],
  fernet: ['Fernet', t('a token for each value, by a key')],
  dotenvx: ['dotenvx', t('a .env that is encrypted for a public key')],
};

const reasons: Readonly<Record<Why, string>> = {
  name: t('its name has signs that no name has there'),
  reserved: t('its name means something else there'),
  clash: t('its name is that of another entry there'),
  'line-break': t('its value has several lines, or ends in a line break'),
  sign: t('its value has signs that cannot be written there together'),
  length: t('its name or value is longer than what is taken there'),
  sum: t('all values together are more than what is taken there'),
  key: t('it is no encryption key: 16 bytes or more in base64'),
};

/** Entries at most in a message. */
const most = 10;

/** Each entry that a target cannot hold, and why; never its value. */
export function problemWords(problems: readonly Problem[]): string {
  const lines = problems
    .slice(0, most)
    .map(({ variable, path, why }) => t('{0}: {1}.', visible(variable) || showPath(path), reasons[why]));
  return [...lines, ...(problems.length > most ? [t('And {0} more.', problems.length - most)] : [])].join('\n');
}
