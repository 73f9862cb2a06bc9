import assert from 'node:assert/strict';
import { ed25519 } from '@noble/curves/ed25519.js';
import { checkRecipient, parseIdentities, recipientOf } from '../../../src/core/age/identity.ts';
import { bareRecipient, opensshHeader } from '../../../src/core/age/sshkey.ts';
import { unwrapKey, wrapKey } from '../../../src/core/age/wrap.ts';
import { seal } from '../../../src/core/sops/seal.ts';
import { alice, clock, reopen } from '../support.ts';

const field = (bytes: Uint8Array | string) => {
  const body = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};

/** An OpenSSH private key file (PROTOCOL.key) of a seed, as ssh-keygen writes it. */
function keyFile(seed: Uint8Array, { cipher = 'none', type = 'ssh-ed25519', check = 7 } = {}): string {
  const point = ed25519.getPublicKey(seed);
  const wire = Buffer.concat([field(type), field(point)]);
  const secret = Buffer.concat([
    Buffer.from([0, 0, 0, 7, 0, 0, 0, check]),
    field(type),
    field(point),
    field(Buffer.concat([seed, point])),
    field('me@here'),
    Buffer.from([1, 2, 3]),
  ]);
  const head = [Buffer.from('openssh-key-v1\0'), field(cipher), field('none'), field(''), Buffer.from([0, 0, 0, 1])];
  const lines =
    Buffer.concat([...head, field(wire), field(secret)])
      .toString('base64')
      .match(/.{1,70}/g) ?? [];
  return `${opensshHeader}\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

const seed = new Uint8Array(32).fill(42);
const file = keyFile(seed);

describe('ssh-ed25519 keys', () => {
  it('are read, and their public line is the recipient', async () => {
    assert.deepEqual(parseIdentities(`\n${file.replaceAll('\n', '\r\n')}`).length, 1);
    const recipient = await recipientOf(file);
    assert.match(recipient, /^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]+$/);
    assert.equal(checkRecipient(`${recipient} me@here\n`), `${recipient} me@here`);
    assert.equal(bareRecipient(`${recipient} me@here`), recipient);
  });

  it('may stand among age keys, as in a backup', () => {
    const text = `# mine\n${alice.identity}\n\n# ssh\n${file}\n`;
    assert.deepEqual(parseIdentities(text), [alice.identity, file]);
  });

  it('wrap and unwrap a data key, and nobody else does', async () => {
    const key = new Uint8Array(32).fill(3);
    const enc = await wrapKey(key, await recipientOf(file));
    assert.deepEqual(await unwrapKey(enc, file), key);
    assert.equal(await unwrapKey(enc, keyFile(new Uint8Array(32).fill(1))), undefined);
    assert.equal(await unwrapKey(enc, alice.identity), undefined);
    assert.equal(await unwrapKey(await wrapKey(key, alice.recipient), file), undefined);
  });

  it('open files beside age keys', async () => {
    const recipients = [alice.recipient, `${await recipientOf(file)} me@here`];
    const { text } = await seal('a: 1\n', 'yaml', { recipients }, clock);
    assert.ok(text.includes('me@here'), 'the recipient is written as given');
    assert.equal((await reopen(text, 'yaml', file)).openedBy, await recipientOf(file));
    assert.equal((await reopen(text, 'yaml')).openedBy, alice.recipient);
  });

  it('are refused by name when they cannot be used', () => {
    const what = (text: string) => {
      try {
        parseIdentities(text);
        return 'accepted';
      } catch (error) {
        const { code, place, message } = error as { code: string; place: { what?: string }; message: string };
        assert.equal(code, 'BAD_IDENTITY');
        assert.ok(!message.includes('AAAA'));
        return place.what;
      }
    };
    assert.equal(what(keyFile(seed, { cipher: 'aes256-ctr' })), 'ssh-passphrase');
    assert.equal(what(keyFile(seed, { type: 'ssh-rsa' })), 'ssh-kind');
    assert.equal(what(keyFile(seed, { check: 8 })), undefined);
    assert.equal(what(file.replace(/[A-Za-z]{4}\n-----END/, 'AAAA\n-----END').slice(0, -60)), undefined);
    for (let cut = opensshHeader.length; cut < file.length - 2; cut += 7)
      assert.notEqual(what(file.slice(0, cut)), 'accepted');
  });
});
