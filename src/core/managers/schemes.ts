import { managers } from './kinds.ts';
import { fieldOf, fromBase64, itemField, memberOf } from './output.ts';

/** One question to the program of a manager. */
export interface Lookup {
  /** The words behind the program's name. No shell is between. */
  readonly args: readonly string[];
  /** The secret in what the program printed. Throws MANAGER. */
  read(output: string): string;
}

/** The question for what is behind a scheme; undefined where that is not as the manager has it. */
type Scheme = (where: string) => Lookup | undefined;

const asIs = (output: string) => output;

/** Not empty, and without blanks around them. */
const areParts = (parts: readonly string[]) => parts.every((part) => part !== '' && part.trim() === part);

/** `name#field`, where the field may be left out; undefined for an empty one. */
function named(where: string): { readonly name: string; readonly field: string | undefined } | undefined {
  const at = where.indexOf('#');
  const name = at === -1 ? where : where.slice(0, at);
  const field = at === -1 ? undefined : where.slice(at + 1);
  return areParts([name, ...(field === undefined ? [] : [field])]) ? { name, field } : undefined;
}

/** `VAULT/ITEM/[SECTION/]FIELD`, and `?attribute=otp` behind it. */
const op: Scheme = (where) => {
  const parts = where.replace(/\?[a-z-]+=[a-z-]+$/, '').split('/');
  if (parts.length < 3 || parts.length > 4 || !areParts(parts) || /[#?]/.test(parts.join(''))) return undefined;
  return { args: ['read', '--no-newline', managers.op.scheme + where], read: asIs };
};

/** `MOUNT/PATH#FIELD`. */
const vault: Scheme = (where) => {
  const { name = '', field } = named(where) ?? {};
  const parts = name.split('/');
  if (field === undefined || parts.length < 2 || !areParts(parts) || /[?*]/.test(name)) return undefined;
  return { args: ['kv', 'get', `-field=${field}`, name], read: asIs };
};

/** `NAME` or an ARN, `?region=`, `#KEY` of a secret that is JSON. */
const aws: Scheme = (where) => {
  const { name = '', field } = named(where) ?? {};
  const [, id, region] = /^([\w/+=.@:-]+)(?:\?region=([a-z]{2}[a-z0-9-]{1,30}))?$/.exec(name) ?? [];
  // The program reads what begins with file:// or https:// from there.
  if (id === undefined || id.includes('//')) return undefined;
  const words = ['--secret-id', id, '--output', 'json', ...(region ? ['--region', region] : [])];
  return {
    args: ['secretsmanager', 'get-secret-value', ...words],
    read: (output) => fieldOf('aws-sm', memberOf('aws-sm', output, ['SecretString']), field),
  };
};

/** `PROJECT/SECRET[/VERSION]`, `#KEY` of a secret that is JSON. */
const gcp: Scheme = (where) => {
  const { name = '', field } = named(where) ?? {};
  const [, project, secret, version = 'latest'] =
    /^([a-z0-9][a-z0-9.:-]*)\/([A-Za-z0-9_][\w-]*)(?:\/([A-Za-z0-9_][\w-]*))?$/.exec(name) ?? [];
  if (project === undefined) return undefined;
  const words = [`--secret=${secret}`, `--project=${project}`, '--format=json', '--quiet'];
  return {
    args: ['secrets', 'versions', 'access', version, ...words],
    read: (output) => fieldOf('gcp-sm', fromBase64('gcp-sm', memberOf('gcp-sm', output, ['payload', 'data'])), field),
  };
};

/** `VAULT/SECRET[/VERSION]`, `#KEY` of a secret that is JSON. */
const azure: Scheme = (where) => {
  const { name = '', field } = named(where) ?? {};
  const [, vaultName, secret, version] =
    /^([A-Za-z][A-Za-z0-9-]{1,23})\/([A-Za-z0-9][A-Za-z0-9-]{0,126})(?:\/([0-9a-f]{32}))?$/.exec(name) ?? [];
  if (vaultName === undefined || secret === undefined) return undefined;
  const words = ['--vault-name', vaultName, '--name', secret, ...(version ? ['--version', version] : [])];
  return {
    args: ['keyvault', 'secret', 'show', ...words, '--output', 'json', '--only-show-errors'],
    read: (output) => fieldOf('azure-kv', memberOf('azure-kv', output, ['value']), field),
  };
};

/** `ITEM`, a name or an id, for its password; `ITEM#FIELD` for another of its fields. */
const bw: Scheme = (where) => {
  const found = named(where);
  if (!found) return undefined;
  return {
    args: ['get', 'item', found.name, '--nointeraction'],
    read: (output) => itemField(output, found.field ?? 'password'),
  };
};

/** What vals has behind `ref+`: `awsssm://…`, `vault://…#/key`, and many more. */
const vals: Scheme = (where) =>
  /^[a-z0-9]+:\/\/\S+$/.test(where)
    ? { args: ['get', managers.vals.scheme + where], read: (output) => output.replace(/\r?\n$/, '') }
    : undefined;

export const schemes = { op, vault, 'aws-sm': aws, 'gcp-sm': gcp, 'azure-kv': azure, bw, vals } as const;
