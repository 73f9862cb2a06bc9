import assert from 'node:assert/strict';
import { armor, Encrypter, Stanza } from 'age-encryption';
import { wrapKey } from '../../../src/core/age/wrap.ts';
import { unwrapDataKey } from '../../../src/core/keys/unwrap.ts';
import type { MasterKey } from '../../../src/core/sops/masterkey.ts';
import { keysOf, type Metadata } from '../../../src/core/sops/metadata.ts';
import { alice, bob, keyringOf } from '../support.ts';

const raw = Uint8Array.from({ length: 32 }, (_, i) => i);
const keys = (...entries: [name: string, enc: string][]) =>
  keysOf([entries.map(([name, enc]): MasterKey => ({ kind: 'age', name, enc }))], 0) as Metadata;
const openFor = async (metadata: Metadata) => (await unwrapDataKey(metadata, await keyringOf(alice.identity))).raw;

/** As large as a key may be that is tried, and quickly seen to be none. */
const junk = 'x'.repeat(64 * 1024);

/** An age file for somebody, with many stanzas that are for nobody before the right one. */
async function crowded(stanzas: number): Promise<string> {
  const nobody = 'WMQjfYXgBPKsDmKIUuB6K2nXWTn6Ju4ZqFUfa9mbEgw';
  const encrypter = new Encrypter();
  encrypter.addRecipient({
    wrapFileKey: () => Array.from({ length: stanzas }, () => new Stanza(['X25519', nobody], new Uint8Array(32))),
  });
  encrypter.addRecipient(alice.recipient);
  return armor.encode(await encrypter.encrypt(raw));
}

describe('the search for a wrapped key that opens', () => {
  it('finds one under a wrong name, also behind keys of others', async () => {
    const enc = await wrapKey(raw, alice.recipient);
    const others = Array.from({ length: 10 }, (): [string, string] => [bob.recipient, junk]);
    assert.deepEqual(await openFor(keys(...others, [bob.recipient, enc])), raw);
    assert.deepEqual(await openFor(keys([bob.recipient, await crowded(20)])), raw);
  });

  it('ends: a file cannot hold more work than a moment’s, and our own name comes first', async () => {
    const enc = await wrapKey(raw, alice.recipient);
    const others = Array.from({ length: 2000 }, (): [string, string] => [bob.recipient, junk]);
    assert.deepEqual(await openFor(keys(...others, [alice.recipient, enc])), raw);
    await assert.rejects(openFor(keys(...others, [bob.recipient, enc])), { code: 'NOT_A_RECIPIENT' });
    await assert.rejects(openFor(keys([alice.recipient, await crowded(600)])), { code: 'NOT_A_RECIPIENT' });
  });

  it('lets others have the thread meanwhile', async () => {
    const keyring = await keyringOf(alice.identity);
    const seen: string[] = [];
    setImmediate(() => seen.push('other'));
    const many = Array.from({ length: 15 }, (): [string, string] => [bob.recipient, junk]);
    await unwrapDataKey(keys(...many), keyring).catch(() => seen.push('end'));
    assert.deepEqual(seen, ['other', 'end']);
  });
});
