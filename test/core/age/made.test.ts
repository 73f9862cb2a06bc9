import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRecipient } from '../../../src/core/age/recipient.ts';
import { bareRecipient } from '../../../src/core/age/sshkey.ts';
import { fromUtf8 } from '../../../src/core/bytes.ts';
import { DataKey } from '../../../src/core/keys/datakey.ts';
import { fixtures } from '../shared.ts';
import { parseIdentities, recipientOf, unwrapKey } from './texts.ts';

describe('texts that age made', () => {
  const read = (name: string) => readFileSync(join(fixtures, name), 'utf8');
  const vectors = () => JSON.parse(read('age-vectors.json'));
  const opened = async (enc: string, identity: string) => {
    const bytes = await unwrapKey(enc, identity);
    return bytes && fromUtf8(bytes);
  };

  it('X25519', async () => {
    const { x25519, other_identity_that_must_not_decrypt: other } = vectors();
    assert.equal(await recipientOf(x25519.identity), x25519.recipient);
    assert.equal(await opened(x25519.armored, x25519.identity), x25519.plaintext);
    assert.equal(await opened(x25519.armored, other), undefined);
  });

  it('hybrid', async () => {
    const { hybrid } = vectors();
    assert.deepEqual(parseIdentities(hybrid.identity), [hybrid.identity]);
    assert.match(hybrid.recipient, /^age1pq1/);
    assert.equal(await recipientOf(hybrid.identity), hybrid.recipient);
    assert.equal(await opened(hybrid.armored, hybrid.identity), hybrid.plaintext);
  });

  it('ssh-ed25519', async () => {
    const { ssh_ed25519: ssh } = vectors();
    const identity = read(ssh.identity_file);
    assert.equal(checkRecipient(ssh.recipient), ssh.recipient);
    assert.equal(await recipientOf(identity), bareRecipient(ssh.recipient));
    assert.equal(await opened(ssh.armored, identity), ssh.plaintext);
  });

  it('a value', async () => {
    const { data_key_hex: hex, leaves } = JSON.parse(read('pgp/vectors.json'))['format.enc.yaml'];
    const key = await DataKey.from(Buffer.from(hex, 'hex'));
    const [{ enc, aad, plain_b64: plain }] = leaves;
    assert.deepEqual([aad, plain], ['foo:', Buffer.from('bar').toString('base64')]);
    assert.deepEqual(await key.open(enc, aad), { type: 'str', value: 'bar' });
    for (const other of ['', 'foo', 'bar:']) await assert.rejects(key.open(enc, other), { code: 'VALUE_DAMAGED' });
  });
});
