import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Decrypter, Encrypter } from 'age-encryption';
import { decryptFile, encryptFile } from '../../../src/core/age/wholefile.ts';
import { alice, bob } from '../support.ts';

describe('whole age files', () => {
  const encrypter = new Encrypter();
  const decrypter = new Decrypter();
  before(() => {
    encrypter.addRecipient(alice.recipient);
    decrypter.addIdentity(alice.identity);
  });

  // 64 KB is where age begins another piece.
  for (const size of [0, 1, 32, 65_535, 65_536, 65_537, 200_000]) {
    it(`${size} bytes: as the package itself reads and writes them`, async () => {
      const plain = Uint8Array.from(randomBytes(size));
      const file = await encryptFile(encrypter, plain);
      assert.deepEqual(await decrypter.decrypt(file), plain);
      assert.deepEqual(await decryptFile(decrypter, await encrypter.encrypt(plain)), plain);
    });
  }

  it('a file that is cut off, changed, or for others is refused', async () => {
    const file = await encryptFile(encrypter, randomBytes(70_000));
    const changed = file.slice();
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    const other = new Decrypter();
    other.addIdentity(bob.identity);
    await assert.rejects(decryptFile(decrypter, file.subarray(0, -5000)));
    await assert.rejects(decryptFile(decrypter, changed));
    await assert.rejects(decryptFile(decrypter, file.subarray(0, 100)));
    await assert.rejects(decryptFile(decrypter, new Uint8Array()));
    await assert.rejects(decryptFile(other, file));
  });

  it('needs nothing of an HTTP client', async () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'Response');
    Object.defineProperty(globalThis, 'Response', {
      configurable: true,
      get: () => assert.fail('Response is asked for'),
    });
    try {
      const plain = Uint8Array.from(randomBytes(32));
      assert.deepEqual(await decryptFile(decrypter, await encryptFile(encrypter, plain)), plain);
    } finally {
      if (before) Object.defineProperty(globalThis, 'Response', before);
    }
  });
});
