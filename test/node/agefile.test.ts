import assert from 'node:assert/strict';
import crypto, { createHash, type JsonWebKeyInput, type PrivateKeyInput, randomBytes } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { mock } from 'node:test';
import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { keyText } from '../../src/core/age/armored.ts';
import { decryptFile, encryptFile } from '../../src/core/age/wholefile.ts';
import { publicBytes, recipientText, secretBytes } from '../../src/core/age/x25519.ts';
import { nodeX25519Files } from '../../src/node/agefile.ts';
import { ageVectors, type Vector } from '../core/age/kit.ts';

/** The plain bytes; undefined also for a file that is damaged. */
function opens(file: Uint8Array, secret: Uint8Array): Uint8Array | undefined {
  try {
    return nodeX25519Files.open(file, secret);
  } catch {
    return undefined;
  }
}

/** What Node's own functions make of a file of the kit. */
function opened({ file, identities, armored }: Vector): Uint8Array | undefined {
  let bytes = file;
  try {
    if (armored) bytes = armor.decode(keyText(file));
  } catch {
    return undefined;
  }
  for (const identity of identities) {
    const secret = secretBytes(identity);
    const found = secret && opens(bytes, secret);
    if (found) return found;
  }
  return undefined;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const secretOf = (identity: string) => secretBytes(identity) ?? assert.fail('no X25519 identity');
const pointOf = (recipient: string) => publicBytes(recipient) ?? assert.fail('no X25519 recipient');

describe("age files by Node's own cryptography", () => {
  const kit = ageVectors.filter(({ identities }) => identities.some((one) => secretBytes(one)));

  it('have most of the kit to agree with', () => {
    assert.ok(kit.length > 80, `${kit.length}`);
    assert.ok(kit.filter((one) => one.expect === 'success').length > 10);
  });

  for (const vector of kit) {
    it(`${vector.name}: ${vector.expect}`, () => {
      const found = opened(vector);
      if (vector.expect !== 'success') assert.equal(found, undefined);
      else assert.equal(found && sha256(found), vector.payload);
    });
  }

  for (const size of [0, 1, 32, 65_535, 65_536, 65_537, 200_000]) {
    it(`of ${size} bytes are the library's, both ways`, async () => {
      const identity = await generateX25519Identity();
      const recipient = await identityToRecipient(identity);
      const plain = randomBytes(size);
      const ours = nodeX25519Files.seal(plain, pointOf(recipient)) ?? assert.fail('not sealed');
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      assert.deepEqual(Buffer.from(await decryptFile(decrypter, ours)), plain);
      const encrypter = new Encrypter();
      encrypter.addRecipient(await identityToRecipient(await generateX25519Identity()));
      encrypter.addRecipient(recipient);
      const theirs = await encryptFile(encrypter, plain);
      assert.deepEqual(nodeX25519Files.open(theirs, secretOf(identity)), plain);
    });
  }

  it('have a recipient as the library makes it', async () => {
    for (let n = 0; n < 20; n++) {
      const identity = await generateX25519Identity();
      const recipient = await identityToRecipient(identity);
      assert.equal(recipientText(nodeX25519Files.publicKey(secretOf(identity))), recipient);
    }
  });

  it('are opened by nobody else, and not when one bit is another', async () => {
    const identity = await generateX25519Identity();
    const file = nodeX25519Files.seal(randomBytes(32), pointOf(await identityToRecipient(identity))) ?? assert.fail();
    assert.equal(nodeX25519Files.open(file, secretOf(await generateX25519Identity())), undefined);
    for (let bit = 0; bit < file.length * 8; bit++) {
      const other = Uint8Array.from(file);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(opens(other, secretOf(identity)), undefined, `bit ${bit}`);
    }
  });

  it('that are damaged are no files of somebody else: an error tells', async () => {
    const identity = await generateX25519Identity();
    const file = nodeX25519Files.seal(randomBytes(32), pointOf(await identityToRecipient(identity))) ?? assert.fail();
    const mac = Buffer.from(file).indexOf('\n--- ') + 5;
    for (const at of [0, mac, file.length - 1]) {
      const other = Uint8Array.from(file);
      other[at] = other[at] === 65 ? 66 : 65;
      assert.throws(() => nodeX25519Files.open(other, secretOf(identity)), `byte ${at}`);
    }
    assert.throws(() => nodeX25519Files.open(file.subarray(0, -20), secretOf(identity)));
    assert.throws(() => nodeX25519Files.open(new Uint8Array(), secretOf(identity)));
  });

  it('need no more of Node than a key in PKCS #8', async () => {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    const file = nodeX25519Files.seal(Buffer.from('plain'), pointOf(recipient)) ?? assert.fail();
    const refused: string[] = [];
    const real = crypto.createPrivateKey;
    const mocked = mock.method(crypto, 'createPrivateKey', (key: PrivateKeyInput | JsonWebKeyInput) => {
      if (key.format !== 'jwk') return real(key);
      refused.push(key.format);
      throw new TypeError('The property "key.x" must be of the public key.');
    });
    syncBuiltinESMExports();
    try {
      const secret = secretOf(identity);
      assert.equal(recipientText(nodeX25519Files.publicKey(secret)), recipient);
      assert.equal(Buffer.from(nodeX25519Files.open(file, secret) ?? []).toString(), 'plain');
      assert.deepEqual(refused, ['jwk']);
    } finally {
      mocked.mock.restore();
      syncBuiltinESMExports();
    }
  });

  it('are made without a JWK of the key that is generated, for which Node 20 can wait without end', async () => {
    const recipient = await identityToRecipient(await generateX25519Identity());
    // The class is Node's own, and has no name here.
    const made = Object.getPrototypeOf(crypto.generateKeyPairSync('x25519').publicKey);
    const asked: string[] = [];
    const real = made.export;
    const mocked = mock.method(made, 'export', function (this: crypto.KeyObject, how: { format: string }) {
      asked.push(how.format);
      return real.call(this, how);
    });
    try {
      assert.ok(nodeX25519Files.seal(randomBytes(32), pointOf(recipient)));
    } finally {
      mocked.mock.restore();
    }
    assert.deepEqual(asked, ['der']);
  });

  it('are not made for a point that is of no use', () => {
    assert.equal(nodeX25519Files.seal(randomBytes(32), new Uint8Array(32)), undefined);
  });

  it('take their keys from nothing else', () => {
    for (const text of [
      '',
      'age1',
      'AGE-SECRET-KEY-1',
      'AGE-SECRET-KEY-PQ-1QQQ',
      'ssh-ed25519 AAAA',
      'AGE-PLUGIN-X-1QQQ',
    ]) {
      assert.equal(secretBytes(text), undefined);
      assert.equal(publicBytes(text), undefined);
    }
  });
});
