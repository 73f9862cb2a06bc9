import { sha256 } from '@noble/hashes/sha2.js';
import { bech32 } from '@scure/base';
import { armor, Decrypter, type Identity, identityToRecipient, Stanza } from 'age-encryption';
import { randomBytes, upperHex, wipe } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import { pluginIdentityUser } from '../plugin/machines.ts';
import { pluginIdentity, pluginIdentityText, unnamedRecipient } from '../plugin/names.ts';
import type { Command } from '../plugin/stanzas.ts';
import { sshIdentity } from '../ssh.ts';
import { publicLine } from '../sshkey.ts';
import { decryptFile } from '../wholefile.ts';
import { recipientText, secretBytes, x25519Files } from '../x25519.ts';
import { pemText, readPem } from './pem.ts';
import { isLocked, readPrivatePem } from './sshfile.ts';
import { isRsa, type SshPrivateKey } from './sshprivate.ts';

const x25519 = 'AGE-SECRET-KEY-';
const hybrid = 'AGE-SECRET-KEY-PQ-';

/** The kinds of keys that are made here. */
export type NewKeyKind = 'x25519' | 'hybrid';

let textOf: (key: PrivateKey) => string;

/**
 * A private key of any kind that age takes: X25519, post-quantum hybrid, SSH, or one that a plugin uses. It can be used and not
 * read. It holds the key's bytes, which `wipe` overwrites. What cannot be wiped: the text that it was made of; the text that age's
 * library asks for, of a hybrid key at each use, and of an X25519 key where the platform has no functions of its own; the text that
 * a plugin gets; the platform's copy, the big integers and the JWK of a key while it is used.
 */
export class PrivateKey {
  /** The prefix of its text, or the type of its block in an SSH private key file, or `plugin`. */
  readonly #type: string;
  /** 32 bytes, or those of the block or of the plugin. */
  readonly #bytes: Uint8Array;
  /** The name of the program that uses it (`age-plugin-NAME`); undefined for a key that is used here. */
  readonly plugin: string | undefined;
  /** Of a plugin's key: nothing computes it. */
  readonly #public: string | undefined;
  #wiped = false;

  static {
    textOf = (key) => key.#text();
  }

  private constructor(type: string, bytes: Uint8Array, plugin?: string, publicKey?: string) {
    this.#type = type;
    this.#bytes = bytes;
    this.plugin = plugin;
    this.#public = publicKey;
  }

  /**
   * The key of one identity: `AGE-SECRET-KEY-…`, `AGE-PLUGIN-…`, or the text of an SSH private key file without a pass phrase. Throws
   * BAD_IDENTITY, with `what` as `readPrivatePem` or `ssh-passphrase`, or none when it is no identity.
   * @param recipient the public key of a plugin's identity, which nothing computes; not used for others.
   */
  static of(text: string, recipient?: string): PrivateKey {
    const word = text.trim();
    if (word.startsWith('-----BEGIN ')) return PrivateKey.#ofFile(word);
    const foreign = pluginIdentity(word);
    if (foreign) return new PrivateKey('plugin', foreign.bytes, foreign.plugin, recipient);
    const secret = secretBytes(word);
    if (secret) return new PrivateKey(x25519, secret);
    const seed = secretBytes(word, hybrid);
    if (!seed) throw new LockstepError('BAD_IDENTITY');
    return new PrivateKey(hybrid, seed);
  }

  static #ofFile(text: string): PrivateKey {
    const pem = readPem(text);
    if (!pem) throw new LockstepError('BAD_IDENTITY');
    if (isLocked(pem)) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-passphrase' });
    return PrivateKey.ofBlock(pem.type, pem.bytes);
  }

  /** The key in a block of a private key file. Takes over `bytes`. Throws as `readPrivatePem`. */
  static ofBlock(type: string, bytes: Uint8Array): PrivateKey {
    wipeSeed(readPrivatePem(type, bytes));
    return new PrivateKey(type, bytes);
  }

  /** A new key; a `hybrid` one is for age 1.3 and sops 3.12 or newer, and safe from quantum computers too. */
  static generate(kind: NewKeyKind = 'x25519'): PrivateKey {
    return new PrivateKey(kind === 'hybrid' ? hybrid : x25519, randomBytes(32));
  }

  /** Its public key: `age1…`, or `ssh-… AAAA…`. Of a plugin's key that nobody named the public key of, a stand-in (`isUnnamed`). */
  async recipient(): Promise<string> {
    if (this.plugin !== undefined)
      return this.#public ?? unnamedRecipient(this.plugin, upperHex(sha256(this.#alive()).subarray(0, 4)));
    const files = this.#type === x25519 ? x25519Files() : undefined;
    if (files) return recipientText(files.publicKey(this.#alive()));
    if (this.#isAge) return identityToRecipient(this.#text());
    const key = readPrivatePem(this.#type, this.#alive());
    wipeSeed(key);
    return publicLine(key.publicKey);
  }

  /** The comment in an SSH key's own file, which says whose it is; undefined where there is none. */
  get comment(): string | undefined {
    if (this.#isAge || this.plugin !== undefined) return undefined;
    const key = readPrivatePem(this.#type, this.#alive());
    wipeSeed(key);
    return key.comment;
  }

  /**
   * The plain bytes of an armored age file, the caller's to wipe; undefined when it is not for this key. Throws BAD_DATA_KEY when
   * it is and does not open, or is no age file; PLUGIN as `talk`.
   */
  async unwrap(enc: string): Promise<Uint8Array | undefined> {
    const bytes = this.#alive();
    try {
      const file = armor.decode(enc);
      const files = this.#type === x25519 ? x25519Files() : undefined;
      if (files) return files.open(file, bytes);
      if (this.plugin !== undefined)
        return await openedBy(
          pluginIdentityUser(this.plugin, () => this.#text()),
          file,
        );
      if (this.#isAge) return await openedBy(this.#text(), file);
      const key = readPrivatePem(this.#type, bytes);
      return await openedBy(sshIdentity(key), file).finally(() => wipeSeed(key));
    } catch (error) {
      throw error instanceof LockstepError && error.code === 'PLUGIN' ? error : new LockstepError('BAD_DATA_KEY');
    }
  }

  /**
   * The file key of an age file's header, the caller's to wipe; undefined when it is not for this key. Nobody has checked the header by it:
   * that is done by whoever reads the file. Throws BAD_DATA_KEY when it is for the key and does not open; PLUGIN as `talk`.
   */
  async fileKey(stanzas: readonly Command[]): Promise<Uint8Array | undefined> {
    const bytes = this.#alive();
    const own = stanzas.map(({ args, body }) => new Stanza([...args], body));
    try {
      const files = this.#type === x25519 ? x25519Files() : undefined;
      if (files) return files.fileKey(stanzas, bytes);
      if (this.plugin !== undefined)
        return (await pluginIdentityUser(this.plugin, () => this.#text()).unwrapFileKey(own)) ?? undefined;
      if (this.#isAge) return (await ageIdentity(this.#text()).unwrapFileKey(own)) ?? undefined;
      const key = readPrivatePem(this.#type, bytes);
      return (await Promise.resolve(sshIdentity(key).unwrapFileKey(own)).finally(() => wipeSeed(key))) ?? undefined;
    } catch (error) {
      throw error instanceof LockstepError && error.code === 'PLUGIN' ? error : new LockstepError('BAD_DATA_KEY');
    }
  }

  /** Overwrites the key. After that it can be used no more: everything throws NO_IDENTITY. */
  wipe(): void {
    this.#wiped = true;
    x25519Files()?.forget(this.#bytes);
    wipe(this.#bytes);
  }

  get #isAge(): boolean {
    return this.#type === x25519 || this.#type === hybrid;
  }

  #alive(): Uint8Array {
    if (this.#wiped) throw new LockstepError('NO_IDENTITY');
    return this.#bytes;
  }

  #text(): string {
    const bytes = this.#alive();
    if (this.plugin !== undefined) return pluginIdentityText(this.plugin, bytes);
    return this.#isAge ? bech32.encodeFromBytes(this.#type, bytes).toUpperCase() : pemText(this.#type, bytes);
  }
}

/**
 * The text of a private key, as a key file has it. Only what writes keys down may ask for it: SecretStorage, and back-ups
 * (test/rules/privatekeys.test.ts).
 */
export const privateText = (key: PrivateKey): string => textOf(key);

/** The package has no other way to an identity's own work than this one, which is not in its types. */
const ageIdentity = (text: string): Identity => {
  const decrypter = new Decrypter();
  decrypter.addIdentity(text);
  return decrypter as unknown as Identity;
};

/** Undefined when no stanza of the file is for the identity. Throws anything when it is damaged. */
async function openedBy(identity: string | Identity, file: Uint8Array): Promise<Uint8Array | undefined> {
  let isMine = true;
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  // The library asks the next one when the one before said "not mine", and only then.
  decrypter.addIdentity({
    unwrapFileKey() {
      isMine = false;
      return null;
    },
  });
  return decryptFile(decrypter, file).catch((error) => {
    if (isMine) throw error;
    return undefined;
  });
}

function wipeSeed(key: SshPrivateKey): void {
  if (!isRsa(key)) wipe(key.seed);
}
