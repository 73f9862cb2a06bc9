import * as vscode from 'vscode';
import type { ForeignKind } from '../../core/sops/kinds.ts';

const { t } = vscode.l10n;

/** What the account of a person needs for a kind of key, and how one sees whether one has it. */
export function foreignNeeds(kind: ForeignKind): string {
  switch (kind) {
    case 'pgp':
      return t('the private PGP key. “gpg --list-secret-keys” lists those on this machine');
    case 'kms':
      return t('AWS credentials that may kms:Decrypt with it. “aws sts get-caller-identity” says whose are set');
    case 'gcp_kms':
      return t('a Google account with the role Cloud KMS CryptoKey Decrypter. “gcloud auth application-default login”');
    case 'azure_kv':
      return t('an Azure account with the permission Decrypt. “az login”');
    case 'hc_vault':
      return t('VAULT_ADDR, and a token that may update transit/decrypt. “vault token lookup” shows the present one');
    case 'hckms':
      return t('Huawei Cloud credentials that may decrypt with it, in HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK');
  }
}
