import { LockstepError } from '../errors.ts';
import type { KeyName, KmsKey } from './masterkey.ts';

/** The fields of a master key besides its `enc`, under the names of the metadata. SOPS's key service has the same. */
export type KeyParts = Readonly<Record<string, string | KmsKey['context']>>;

/**
 * What the name of a key stands for, as SOPS takes it apart (azkv/keysource.go, hcvault/keysource.go). Throws BAD_RECIPIENT
 * (`master-key`) for a name that is none of its kind.
 */
export function keyParts(key: KeyName): KeyParts {
  const { kind, name } = key;
  switch (kind) {
    case 'age':
      return { recipient: name };
    case 'pgp':
      return { fp: name };
    case 'kms':
      return kmsParts(key.kms ?? arnParts(name));
    case 'gcp_kms':
      return { resource_id: name };
    case 'azure_kv':
      return named(name, /^(https:\/\/[^/]+)\/keys\/([^/]+)\/([^/]*)$/, 'vault_url', 'name', 'version');
    case 'hc_vault':
      return named(name, vaultUri, 'vault_address', 'engine_path', 'key_name');
    case 'hckms':
      return { key_id: name };
  }
}

/** The engine's path may have several parts. */
const vaultUri = /^([A-Za-z][\w+.-]*:\/\/[^/?#]+)\/v\d+\/([^?#]+)\/[^/?#]+\/([^/?#]+)$/;

function named(name: string, pattern: RegExp, ...fields: readonly string[]): KeyParts {
  const found = pattern.exec(name);
  if (!found) throw notAKey();
  return Object.fromEntries(fields.map((field, i) => [field, found[i + 1] ?? '']));
}

/** `arn+role`: a role is an ARN of its own. Of a longer name nobody knows where what begins. */
function arnParts(name: string): KmsKey {
  if (name.includes('|')) throw notAKey();
  return readArn(name, '', []);
}

/** An AWS KMS key as `--kms` and `.sops.yaml` write it, `arn` or `arn+role`. */
export function readArn(text: string, profile: string, context: KmsKey['context']): KmsKey {
  const arn = text.replaceAll(' ', '');
  const at = arn.indexOf('+arn:');
  return at > 0
    ? { arn: arn.slice(0, at), role: arn.slice(at + 1), context, profile }
    : { arn, role: '', context, profile };
}

/** A key by what it is made of. */
export const kmsKey = (kms: KmsKey): KeyName => ({ kind: 'kms', name: kmsName(kms), kms });

/** SOPS kms/keysource.go, `ToString`. */
export function kmsName(key: KmsKey): string {
  const name = key.role === '' ? key.arn : `${key.arn}+${key.role}`;
  const context = [...key.context]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}`)
    .join(',');
  if (key.profile !== '') return `${name}|${context}|${key.profile}`;
  return context === '' ? name : `${name}|${context}`;
}

/** SOPS writes the profile always, and the others where they are given. */
function kmsParts({ arn, role, context, profile }: KmsKey): KeyParts {
  const parts = { arn, aws_profile: profile };
  return { ...parts, ...(role !== '' && { role }), ...(context.length > 0 && { context }) };
}

const notAKey = () => new LockstepError('BAD_RECIPIENT', { what: 'master-key' });
