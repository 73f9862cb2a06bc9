import { armor, Decrypter, type Stanza } from 'age-encryption';
import { type SshPublicKey, tagOf } from './sshkey.ts';

/** The stanzas in an age file's header; undefined when it is none. */
export async function stanzasOf(file: Uint8Array): Promise<readonly Stanza[] | undefined> {
  let found: readonly Stanza[] | undefined;
  const decrypter = new Decrypter();
  decrypter.addIdentity({
    unwrapFileKey(stanzas) {
      found = stanzas;
      return null;
    },
  });
  // It always ends with "no identity matched".
  await decrypter.decryptHeader(file).catch(() => undefined);
  return found;
}

/** Whether an armored age file has a stanza for this SSH key: what is asked before anybody is asked for a pass phrase. */
export async function isFor(enc: string, key: SshPublicKey): Promise<boolean> {
  try {
    const stanzas = await stanzasOf(armor.decode(enc));
    return stanzas?.some(({ args }) => args[0] === key.type && args[1] === tagOf(key)) ?? false;
  } catch {
    return false;
  }
}
