import assert from 'node:assert/strict';
import { isArmored, keyText } from '../../../src/core/age/armored.ts';
import { isUnnamed } from '../../../src/core/age/plugin/names.ts';
import { openIdentityFile, sealIdentityFile } from '../../../src/core/age/private/identityfile.ts';
import * as keytext from '../../../src/core/age/private/keytext.ts';
import { checkRecipient } from '../../../src/core/age/recipient.ts';
import { wrapKey } from '../../../src/core/age/wrap.ts';
import type { Keyring } from '../../../src/core/keys/keyring.ts';
import { open } from '../../../src/core/open/open.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { alice, bob, clock, keyringOf, openerOf } from '../support.ts';
import { generateIdentity, parseIdentities, readKeyText, recipientOf, unwrapKey } from './texts.ts';
import { keyFile } from './vectors.ts';

const hybrid = 'AGE-SECRET-KEY-PQ-1';

describe('age identities', () => {
  it('makes an X25519 identity and its recipient', async () => {
    const identity = await generateIdentity();
    assert.match(identity, /^AGE-SECRET-KEY-1[0-9A-Z]{58}$/);
    assert.match(await recipientOf(identity), /^age1[a-z0-9]{58}$/);
    assert.equal(await recipientOf(alice.identity), alice.recipient);
  });

  it('reads key files as age-keygen writes them', () => {
    const file = `# created: 2026-11-21T00:00:00Z\r\n# public key: ${alice.recipient}\r\n${alice.identity}\r\n\n${bob.identity}`;
    assert.deepEqual(parseIdentities(file), [alice.identity, bob.identity]);
  });

  it('refuses junk with the line, and never repeats it', () => {
    for (const text of [`# x\n${alice.identity.slice(0, -1)}`, '\nAGE-PLUGIN-', `\n${alice.recipient}`]) {
      assert.throws(
        () => parseIdentities(text),
        (error: { code?: string; place?: { line?: number }; message?: string }) => {
          assert.equal(error.code, 'BAD_IDENTITY');
          assert.equal(error.place?.line, 2);
          assert.ok(!error.message?.includes(alice.identity.slice(4, 20)));
          return true;
        },
      );
    }
    assert.throws(() => parseIdentities('# nothing\n'), { code: 'BAD_IDENTITY' });
  });

  it('takes several keys on one line, and tells identities of plugins from junk', () => {
    assert.deepEqual(parseIdentities(`${alice.identity} \t${bob.identity}`), [alice.identity, bob.identity]);
    const plugin = 'AGE-PLUGIN-YUBIKEY-1QYPQXPQ9QCRSSJ2LRPC';
    assert.deepEqual(readKeyText(`# mine\n${plugin}\n${alice.identity}`), {
      identities: [
        { text: plugin, comment: 'mine' },
        { text: alice.identity, comment: undefined },
      ],
      locked: [],
    });
    // A letter that is another one, a name that leads to another folder, no name.
    for (const junk of [`${plugin.slice(0, -1)}D`, 'AGE-PLUGIN-../X-1QYPQXPQ9QCRSSJ2LRPC', 'AGE-PLUGIN--1QYPQ'])
      assert.throws(() => parseIdentities(`\n${junk}`), { code: 'BAD_IDENTITY', place: { line: 2 } }, junk);
  });

  it('takes the public key of a plugin from the comment above its key, and of no other key', async () => {
    const plugin = 'AGE-PLUGIN-YUBIKEY-1QYPQXPQ9QCRSSJ2LRPC';
    const recipient = 'age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t';
    const recipientsOf = async (text: string) =>
      Promise.all(keytext.readKeyText(text).keys.map(({ key }) => key.recipient()));
    for (const comment of [`# public key: ${recipient}`, `#    Recipient: ${recipient}`, `# recipient:${recipient}`])
      assert.deepEqual(await recipientsOf(`${comment}\n# Slot: 1\n${plugin}\n`), [recipient], comment);
    const [unnamed = '', other] = await recipientsOf(`${plugin}\n# public key: ${recipient}\n${alice.identity}\n`);
    assert.match(unnamed, /^age-plugin-yubikey \([0-9A-F]{8}\)$/);
    assert.ok(isUnnamed(unnamed));
    assert.equal(other, alice.recipient);
    assert.throws(() => checkRecipient(unnamed), { code: 'BAD_RECIPIENT' });
  });

  it('reads the name of an identity from the comment above it', () => {
    const text = `# laptop\n# created: x\n${alice.identity}\n# not a name\n${bob.identity}\n\n#ssh\n${keyFile('rsa')}`;
    assert.deepEqual(
      readKeyText(text).identities.map((item) => item.comment),
      ['laptop', undefined, 'ssh'],
    );
  });

  it('checks recipients and says what kind it cannot use', () => {
    assert.equal(checkRecipient(` ${alice.recipient}\n`), alice.recipient);
    const what = (text: string) => {
      try {
        checkRecipient(text);
      } catch (error) {
        return (error as { place?: { what?: string } }).place?.what;
      }
      return 'accepted';
    };
    assert.equal(
      what('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID+Wi8WZw2bXfBpcs/WECttCzP39OkenS6pHWHWGFJvN me'),
      'accepted',
    );
    assert.equal(what('ssh-ed25519 AAAA'), undefined);
    assert.equal(what('age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t'), 'accepted');
    assert.equal(what('age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3s'), undefined);
    assert.equal(what(`${alice.recipient.slice(0, -1)}q`), undefined);
    assert.equal(what(alice.identity), 'private-key');
    assert.equal(what(''), undefined);
  });

  it('wraps a key for one recipient, one armored file each', async () => {
    const key = new Uint8Array(32).fill(7);
    const enc = await wrapKey(key, alice.recipient);
    assert.ok(isArmored(enc) && enc.endsWith('-----END AGE ENCRYPTED FILE-----\n'));
    assert.deepEqual(await unwrapKey(enc, alice.identity), key);
    assert.deepEqual(await unwrapKey(`\n  ${enc.trimEnd()}  \n`, alice.identity), key);
    assert.equal(await unwrapKey(enc, bob.identity), undefined);
    assert.equal(await unwrapKey(enc.replace('A', 'B'), alice.identity), undefined);
    assert.equal(await unwrapKey('', alice.identity), undefined);
  });

  it('handles the post-quantum hybrid kind', async () => {
    const { generateHybridIdentity } = await import('age-encryption');
    const identity = await generateHybridIdentity();
    assert.ok(identity.startsWith(hybrid));
    const enc = await wrapKey(new Uint8Array(32).fill(9), await recipientOf(identity));
    assert.deepEqual(await unwrapKey(enc, identity), new Uint8Array(32).fill(9));
    assert.deepEqual(parseIdentities(identity), [identity]);
  });

  it('protects a key file with a pass phrase', async () => {
    const sealed = await sealIdentityFile(`${alice.identity}\n`, 'a pass phrase', 10);
    assert.ok(isArmored(sealed) && !sealed.includes(alice.identity));
    assert.equal(await openIdentityFile(sealed, 'a pass phrase'), `${alice.identity}\n`);
    await assert.rejects(openIdentityFile(sealed, 'another'), { code: 'BAD_PASSPHRASE' });
    const refused = (file: string, what: string) =>
      assert.rejects(openIdentityFile(file, 'a pass phrase'), { code: 'BAD_IDENTITY', place: { what } });
    await refused('no age file', 'armor');
    await refused(sealed.replace(/.{8}\n-----END/, 'AAAAAAAA\n-----END'), 'armor');
    await refused(await wrapKey(new Uint8Array(32), alice.recipient), 'key-file');
    const binary = Buffer.from(sealed.split('\n').slice(1, -2).join(''), 'base64');
    assert.equal(await openIdentityFile(keyText(binary), 'a pass phrase'), `${alice.identity}\n`);
    await refused(keyText(Buffer.from(binary.toString('latin1').replace(/ 10\n/, ' 40\n'), 'latin1')), 'scrypt');
  });

  it('asks for an identity only when those at hand do not open the file', async () => {
    const opener = await openerOf(bob.identity);
    let asked = 0;
    const keyring: Keyring = {
      ...(await keyringOf(alice.identity)),
      async *asked(wanted) {
        assert.deepEqual(
          wanted.map((key) => key.name),
          [bob.recipient],
        );
        asked++;
        yield opener;
      },
    };
    const sealedFor = async (recipient: string) =>
      readSealed((await seal('a: 1\n', 'yaml', { recipients: [recipient] }, clock)).text, 'yaml');
    assert.equal((await open(await sealedFor(alice.recipient), keyring)).openedBy, alice.recipient);
    assert.equal(asked, 0);
    assert.equal((await open(await sealedFor(bob.recipient), keyring)).openedBy, bob.recipient);
    assert.equal(asked, 1);
    await assert.rejects(open(await sealedFor(bob.recipient), { openers: async () => [] }), { code: 'NO_IDENTITY' });
  });
});
