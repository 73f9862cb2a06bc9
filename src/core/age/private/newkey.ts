import { utf8 } from '../../bytes.ts';
import { visible } from '../../tree/path.ts';
import { PrivateKey, privateText } from './privatekey.ts';

/** A new key, and its key file as age-keygen would write it. */
export interface NewKey {
  readonly recipient: string;
  /** The caller's to wipe. */
  readonly file: Uint8Array;
}

/**
 * Makes a key for a key file.
 * @param hybrid safe from quantum computers too, for age 1.3 and sops 3.12 or newer. @param name whose it is, for a comment.
 */
export async function newKey(hybrid: boolean, created: Date, name?: string): Promise<NewKey> {
  const key = PrivateKey.generate(hybrid ? 'hybrid' : 'x25519');
  const recipient = await key.recipient();
  const time = created.toISOString().replace(/\.\d+Z$/, 'Z');
  const lines = [
    ...(name === undefined ? [] : [`# ${visible(name)}`]),
    `# created: ${time}`,
    `# public key: ${recipient}`,
    privateText(key),
  ];
  key.wipe();
  return { recipient, file: utf8(`${lines.join('\n')}\n`) };
}
