import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRecipient, parseIdentities, recipientOf } from '../../../src/core/age/identity.ts';
import { bareRecipient } from '../../../src/core/age/sshkey.ts';
import { unwrapKey } from '../../../src/core/age/wrap.ts';
import { fromUtf8 } from '../../../src/core/bytes.ts';
import { DataKey } from '../../../src/core/sops/datakey.ts';
import { skipFor } from '../../skip.ts';
import { noFixtures, sharedFixtures } from '../shared.ts';

/** The constants of sops's own tests (age/keysource_test.go, aes/cipher_test.go). */
describe("the vectors of sops's own age tests", () => {
  const folder = sharedFixtures('sops');
  before(function () {
    skipFor(this, folder ? undefined : noFixtures);
  });
  const read = (name: string) => readFileSync(join(folder ?? '', name), 'utf8');
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
    const identity = vectors().hybrid_identity_parse_only;
    assert.deepEqual(parseIdentities(identity), [identity]);
    assert.match(await recipientOf(identity), /^age1pq1/);
  });

  it('ssh-ed25519', async () => {
    const { ssh_ed25519: ssh } = vectors();
    const identity = read(ssh.identity_file);
    assert.equal(checkRecipient(ssh.recipient), ssh.recipient);
    assert.equal(await recipientOf(identity), bareRecipient(ssh.recipient));
    assert.equal(await opened(ssh.armored, identity), ssh.plaintext);
  });

  it('a value', async () => {
    const { aes_value_vector: value } = vectors();
    const key = await DataKey.from(Buffer.from(value.key_utf8));
    assert.deepEqual(await key.open(value.enc, value.aad), { type: 'str', value: value.plaintext });
    await assert.rejects(key.open(value.enc, value.fails_with_aad), { code: 'VALUE_DAMAGED' });
  });
});
