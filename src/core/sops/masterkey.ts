import { bareRecipient } from '../age/sshkey.ts';
import type { MapNode } from '../format/document.ts';
import type { KeyKind } from './kinds.ts';

/** A master key by the name that SOPS compares (`ToString` of its kind). Public. */
export interface KeyName {
  readonly kind: KeyKind;
  /**
   * `age1…`, an SSH public key without its comment, a PGP fingerprint, an ARN (`+role`, `|context|profile`), a resource id,
   * `vault/keys/name/version`, `address/v1/engine/keys/name`.
   */
  readonly name: string;
  /** Of an AWS KMS key what its name is made of, which cannot be told from the name. */
  readonly kms?: KmsKey;
}

/** An AWS KMS key and how it is used; empty texts for what is not given. */
export interface KmsKey {
  readonly arn: string;
  readonly role: string;
  readonly context: readonly (readonly [string, string])[];
  readonly profile: string;
}

/** Whether two names are the same key: an SSH key with any comment, an Azure key without a version for any version of it. */
export function sameKey(a: KeyName, b: KeyName): boolean {
  if (a.kind !== b.kind) return false;
  if (bareRecipient(a.name) === bareRecipient(b.name)) return true;
  const [short, long] = a.name.length < b.name.length ? [a.name, b.name] : [b.name, a.name];
  return a.kind === 'azure_kv' && short.endsWith('/') && long.startsWith(short);
}

/** A data key, or with several groups its group's part, as a file holds it for one key. */
export interface WrappedKey extends KeyName {
  /** For age an armored age file. */
  readonly enc: string;
}

/** A master key of a file. */
export interface MasterKey extends WrappedKey {
  /** Where it stands; undefined for a key that is not in the file yet. */
  readonly entry?: MapNode;
}
