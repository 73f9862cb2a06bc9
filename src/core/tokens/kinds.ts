/** The systems whose single values are read, most of them written, too. `flet-gcm`: what `encrypt_aes_gcm_256` of Flet makes. */
export const tokenKinds = [
  ...(['flet', 'flet-gcm', 'fernet', 'anvil', 'flowfile', 'dotenvx', 'age', 'ansible', 'rails', 'kestra'] as const),
] as const;

/** What a value says of itself, or what a person says of it. */
export type TokenKind = (typeof tokenKinds)[number];

/** Those that are written, too. */
export const sealedKinds = tokenKinds.filter((kind) => kind !== 'ansible' && kind !== 'rails');
