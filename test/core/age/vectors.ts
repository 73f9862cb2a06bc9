import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../shared.ts';

interface KeyFiles {
  /** The authorized_keys line. */
  readonly public: string;
  /** The private key file by the name of its form. */
  readonly files: Readonly<Record<string, string>>;
}

type Kind = 'ed25519' | 'rsa' | 'shortRsa' | 'ecdsa' | 'openssl';

/** SSH keys in every form that ssh-keygen writes; see the README beside them. */
export const sshKeys: Readonly<Record<Kind, KeyFiles>> & { readonly passphrase: string } = JSON.parse(
  readFileSync(join(root, 'test', 'core', 'age', 'vectors', 'sshkeys.json'), 'utf8'),
);

/** A private key file of the vectors, by kind and form. */
export function keyFile(kind: Kind, form = 'plain'): string {
  const text = sshKeys[kind].files[form];
  if (text === undefined) throw new Error(`no vector ${kind} ${form}`);
  return text;
}
