import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { armor, generateHybridIdentity } from 'age-encryption';
import { ageOpener } from '../../../src/core/age/opener.ts';
import { readPem } from '../../../src/core/age/private/pem.ts';
import { PrivateKey, privateText } from '../../../src/core/age/private/privatekey.ts';
import { wrapKey } from '../../../src/core/age/wrap.ts';
import type { Opener } from '../../../src/core/keys/opener.ts';
import { unwrapDataKey } from '../../../src/core/keys/unwrap.ts';
import { wrapperFor } from '../../../src/core/keys/wrap.ts';
import { foreignKinds } from '../../../src/core/sops/kinds.ts';
import { keysOf, type Metadata } from '../../../src/core/sops/metadata.ts';
import { keyFile } from '../age/vectors.ts';
import { alice, bob, openerOf, opensFor } from '../support.ts';

const raw = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const wrapped = async (recipient: string) =>
  ({ kind: 'age', name: recipient, enc: await wrapKey(raw, recipient) }) as const;

/** The armored file with one byte of its payload, or of its header's MAC, changed. */
function broken(enc: string, where: 'payload' | 'mac'): string {
  const bytes = Buffer.from(armor.decode(enc));
  const at = where === 'payload' ? bytes.length - 1 : bytes.indexOf('\n--- ') + 5;
  bytes[at] = where === 'payload' ? bytes[at]! ^ 1 : bytes[at] === 65 ? 66 : 65;
  return armor.encode(bytes);
}

describe('openers', () => {
  let identities: Record<string, string>;
  before(async () => {
    const hybrid = await generateHybridIdentity();
    identities = { X25519: alice.identity, hybrid, ed25519: keyFile('ed25519'), rsa: keyFile('rsa') };
  });

  it('tell "not mine" from "mine, but broken"', async () => {
    for (const [kind, identity] of Object.entries(identities)) {
      const opener = await openerOf(identity);
      const own = await wrapped(opener.recipient);
      assert.deepEqual(new Uint8Array((await opener.unwrap(own)) ?? []), raw, kind);
      assert.equal(await opener.unwrap({ ...(await wrapped(bob.recipient)), name: opener.recipient }), undefined, kind);
      for (const enc of [broken(own.enc, 'payload'), broken(own.enc, 'mac'), 'junk', ''])
        await assert.rejects(opener.unwrap({ ...own, enc }), { code: 'BAD_DATA_KEY' }, kind);
    }
  });

  it('tell nobody the private key, and open nothing once it is wiped', async () => {
    for (const [kind, identity] of Object.entries(identities)) {
      const key = PrivateKey.of(identity);
      const text = privateText(key);
      assert.equal(text, identity, kind);
      const recipient = await key.recipient();
      const opener = ageOpener(key, { label: 'a', recipient, source: { kind: 'program', name: 'b' } });
      const shown = inspect([key, opener], { showHidden: true, depth: 9 }) + JSON.stringify([key, opener]);
      for (const part of text.match(/[A-Za-z0-9+/]{20}/g) ?? [])
        assert.ok(!shown.includes(part) || recipient.includes(part), `${kind}: ${shown}`);
      assert.ok(await opensFor(opener, recipient), kind);
      key.wipe();
      await assert.rejects(opener.unwrap(await wrapped(recipient)), { code: 'NO_IDENTITY' }, kind);
      await assert.rejects(key.recipient(), { code: 'NO_IDENTITY' }, kind);
      assert.throws(() => privateText(key), { code: 'NO_IDENTITY' }, kind);
    }
  });

  it('wiped: overwrites the bytes themselves', () => {
    const { type, bytes } = readPem(keyFile('ed25519')) ?? assert.fail();
    const key = PrivateKey.ofBlock(type, bytes);
    assert.ok(bytes.some((byte) => byte !== 0));
    key.wipe();
    assert.ok(bytes.every((byte) => byte === 0));
  });
});

describe('the search of a data key', () => {
  const metadata = async (...names: string[]) => keysOf([await Promise.all(names.map(wrapped))], 0) as Metadata;

  it('goes on after a broken entry, and is done with its openers whatever comes of it', async () => {
    const used: string[] = [];
    const disposable = async (identity: string): Promise<Opener> => {
      const opener = await openerOf(identity);
      return { ...opener, dispose: () => used.push(opener.recipient) };
    };
    const openers = [await disposable(alice.identity), await disposable(bob.identity)];
    const keyring = { openers: async () => openers };
    const whole = await metadata(alice.recipient, bob.recipient);
    const [group = []] = whole.groups;
    const damaged = group.map((key, i) => (i === 0 ? { ...key, enc: broken(key.enc, 'payload') } : key));
    const { entries } = await unwrapDataKey(keysOf([damaged], 0) as Metadata, keyring);
    assert.deepEqual(entries, [{ group: 0, recipient: bob.recipient, label: bob.recipient }]);
    assert.deepEqual(used, [alice.recipient, bob.recipient]);
    const nobody = keysOf([damaged.slice(0, 1)], 0) as Metadata;
    await assert.rejects(unwrapDataKey(nobody, keyring), { code: 'NOT_A_RECIPIENT' });
    assert.equal(used.length, 4);
    const failing = { ...(openers[0] as Opener), unwrap: () => Promise.reject(new TypeError('a mistake of ours')) };
    await assert.rejects(unwrapDataKey(whole, { openers: async () => [failing] }), TypeError);
    assert.equal(used.length, 5);
  });

  it('asks no opener about keys of another kind', async () => {
    const opener = { ...(await openerOf(alice.identity)), kind: 'pgp' } as const;
    await assert.rejects(unwrapDataKey(await metadata(alice.recipient), { openers: async () => [opener] }), {
      code: 'NOT_A_RECIPIENT',
    });
  });
});

describe('wrappers', () => {
  it('wrap what the opener of the same key opens', async () => {
    const wrapper = wrapperFor({ kind: 'age', name: alice.recipient });
    const opener = await openerOf(alice.identity);
    assert.deepEqual(
      new Uint8Array((await opener.unwrap({ ...wrapper.key, enc: await wrapper.wrap(raw) })) ?? []),
      raw,
    );
  });

  it('are not there yet for foreign kinds', () => {
    for (const kind of foreignKinds)
      assert.throws(() => wrapperFor({ kind, name: 'x' }), { code: 'FOREIGN_MASTER_KEY', place: { kind } });
  });
});
