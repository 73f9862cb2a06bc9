import { type ForeignKind, kindNames } from '../../core/sops/kinds.ts';

/** What Lockstep needs for a kind of key. */
export const kindNeeds = (kind: ForeignKind): string =>
  kind === 'pgp' ? '`gpg` for PGP' : `\`sops\` 3.9 or newer for ${kindNames[kind]}, or a key service`;

/** What the account of a person needs for a kind of key, and how one sees whether one has it. */
export const foreignNeeds: Readonly<Record<ForeignKind, string>> = {
  pgp: 'the private PGP key; gpg --list-secret-keys lists those on this machine',
  kms: 'AWS credentials that may kms:Decrypt with it; aws sts get-caller-identity says whose are set',
  gcp_kms: 'a Google account with the role Cloud KMS CryptoKey Decrypter for it; gcloud auth application-default login',
  azure_kv: 'an Azure account with the permission Decrypt for it; az login',
  hc_vault: 'VAULT_ADDR, and a token that may update transit/decrypt for it; vault token lookup shows the present one',
  hckms: 'Huawei Cloud credentials that may decrypt with it, in HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK',
};
