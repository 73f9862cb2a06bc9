/** Whether a path names a dotenv file by anybody's habit: `.env`, `.env.local`, `prod.env`. No path's folder matters. */
export function isDotenvName(path: string): boolean {
  const base = baseOf(path);
  return base.endsWith('.env') || base.startsWith('.env.');
}

/** Files that show which names exist, with made-up values: `.env.example` and its like are meant to be read. */
export function isTemplateName(path: string): boolean {
  return /\.(?:example|sample|template|tmpl|dist|defaults?)(?:\.[A-Za-z]+)?$/.test(baseOf(path));
}

/** The private keys of dotenvx, which reads them there in clear text and keeps them out of git: nothing to encrypt, and no environment. */
export const isDotenvxKeysName = (path: string) => baseOf(path) === '.env.keys';

/** Files whose names say that they hold secrets, as globs of the base name. Masked until they are encrypted, and listed by Set Up. */
export const secretNames = ['secrets*.{yaml,yml,json,ini}', '*service-account*.json', '*credentials*.json'];

export function isSecretName(path: string): boolean {
  return /^secrets.*\.(?:ya?ml|json|ini)$|(?:service-account|credentials).*\.json$/.test(baseOf(path));
}

/** The same for files with a private key. Certificates and the files of other programs have such names, too. */
export const keyNames = ['*.{pem,key}', 'id_{rsa,dsa,ecdsa,ed25519}'];

export function isKeyName(path: string): boolean {
  return /\.(?:pem|key)$|^id_(?:rsa|dsa|ecdsa|ed25519)$/.test(baseOf(path));
}

/** Key stores are no text, and hold nothing else. As a glob of the base name, too. */
export const storeNames = '*.{p12,pfx,jks,keystore}';

export const isStoreName = (path: string) => /\.(?:p12|pfx|jks|keystore)$/.test(path);

const keyBlock = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** The private keys in the text of such a file: from the first sign of their first line to the last of their last. */
export function privateKeys(path: string, text: string): { readonly start: number; readonly end: number }[] {
  if (!isKeyName(path) || !text.includes('PRIVATE KEY-----')) return [];
  return [...text.matchAll(keyBlock)].map((found) => ({ start: found.index, end: found.index + found[0].length }));
}

/** Whether a text has a name that is a secret's by habit, for a look before it is parsed. */
export const namesSecret = (text: string) =>
  /passw|passphrase|pwd|secret|token|credential|key|dsn|connection|webhook/i.test(text);

export const configName = '.sops.yaml';

/** `.sops.yaml` itself is never encrypted. */
export function isConfigName(path: string): boolean {
  return baseOf(path) === configName;
}

/** Where environments are written down: in a folder that one works in, or above it. The files in it are named from that folder. */
export const environmentsPath = '.lockstep/environments.yaml';

/** Files of `.lockstep` that hold names alone, whatever a rule says of files with such an ending. */
export const isOwnName = (path: string) => /(?:^|\/)\.lockstep\/(?:policy|environments)\.yaml$/.test(path);

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
