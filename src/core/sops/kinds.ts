/** The six kinds of master key that are not age, under their metadata names. */
export const foreignKinds = ['pgp', 'kms', 'gcp_kms', 'azure_kv', 'hc_vault', 'hckms'] as const;
export type ForeignKind = (typeof foreignKinds)[number];
type HandledKind = 'age';
export type KeyKind = HandledKind | ForeignKind;

/** Those of them that a key service has: clouds and Vault. gpg has the others. */
export const serviceKinds: readonly ForeignKind[] = foreignKinds.filter((kind) => kind !== 'pgp');

/** What people call the foreign kinds: names of products, the same in every language. */
export const kindNames: Readonly<Record<ForeignKind, string>> = {
  pgp: 'PGP',
  kms: 'AWS KMS',
  gcp_kms: 'Google Cloud KMS',
  azure_kv: 'Azure Key Vault',
  hc_vault: 'HashiCorp Vault',
  hckms: 'Huawei Cloud KMS',
};

/** Whether Lockstep opens and wraps keys of a kind by itself. For the others it needs somebody: `core/keys/others.ts`. */
export const isAge = (kind: KeyKind): kind is HandledKind => kind === 'age';

/** The kinds in the order in which SOPS loads the lists of a group (stores/stores.go). */
export const storedOrder: readonly KeyKind[] = ['kms', 'gcp_kms', 'hckms', 'azure_kv', 'hc_vault', 'pgp', 'age'];
