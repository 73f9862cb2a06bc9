import assert from 'node:assert/strict';
import { scrypt, scryptAsync } from '@noble/hashes/scrypt.js';
import { sealIdentityFile } from '../../src/core/age/private/identityfile.ts';
import { type Scrypt, useScrypt } from '../../src/core/age/scrypt.ts';
import { nodeNative } from '../../src/node/native.ts';

const phrase = Buffer.from('correct horse battery');
const salt = new Uint8Array(44).fill(7);

describe('scrypt', () => {
  it('derives the same key in another thread', async () => {
    const key = await nodeNative.scrypt(phrase, salt, 12);
    assert.deepEqual(Buffer.from(key), Buffer.from(scrypt(phrase, salt, { N: 2 ** 12, r: 8, p: 1, dkLen: 32 })));
  });

  it('takes the cost that age takes', async () => {
    assert.equal((await nodeNative.scrypt(phrase, salt, 18)).length, 32);
  });

  it('leaves the thread to others while it derives, by either way', async function () {
    this.timeout(60_000);
    const slow: Scrypt = (passphrase, salt, logN) =>
      scryptAsync(passphrase, salt, { N: 2 ** logN, r: 8, p: 1, dkLen: 32 });
    try {
      for (const [way, logN] of [
        [nodeNative.scrypt, 17],
        [slow, 15],
      ] as const) {
        useScrypt(way);
        let turns = 0;
        const timer = setInterval(() => turns++, 5);
        await sealIdentityFile('text\n', 'correct horse battery', logN);
        clearInterval(timer);
        assert.ok(turns >= 3, `${turns} turns`);
      }
    } finally {
      useScrypt(slow);
    }
  });
});
