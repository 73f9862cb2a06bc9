import assert from 'node:assert/strict';
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { openIdentityFile, sealIdentityFile } from '../../../src/core/age/private/identityfile.ts';
import { useScrypt } from '../../../src/core/age/scrypt.ts';
import { isOurs } from '../../../src/core/errors.ts';
import { nodeNative } from '../../../src/node/native.ts';

const phrase = 'correct horse battery';
const code = (expected: string, what?: string) => (error: unknown) =>
  isOurs(error) && error.code === expected && (what === undefined || error.place.what === what);

describe('an age file under a pass phrase', () => {
  it('is that of age: the package opens ours, and we open the package’s', async () => {
    const ours = await sealIdentityFile('text\n', phrase, 10);
    const decrypter = new Decrypter();
    decrypter.addPassphrase(phrase);
    assert.equal(await decrypter.decrypt(armor.decode(ours), 'text'), 'text\n');
    const encrypter = new Encrypter();
    encrypter.setPassphrase(phrase);
    encrypter.setScryptWorkFactor(10);
    assert.equal(await openIdentityFile(armor.encode(await encrypter.encrypt('theirs')), phrase), 'theirs');
  });

  it('says what is wrong: another pass phrase, or a file that was cut', async () => {
    const file = await sealIdentityFile('text\n', phrase, 10);
    await assert.rejects(openIdentityFile(file, 'correct horse'), code('BAD_PASSPHRASE'));
    for (const length of [file.length - 40, 120, 30])
      await assert.rejects(openIdentityFile(file.slice(0, length), phrase), code('BAD_IDENTITY', 'armor'));
  });

  it('derives the same key in another thread', async () => {
    const salt = new Uint8Array(44).fill(7);
    const native = await nodeNative.scrypt(Buffer.from(phrase), salt, 12);
    const { scrypt } = await import('@noble/hashes/scrypt.js');
    assert.deepEqual(
      Buffer.from(native),
      Buffer.from(scrypt(Buffer.from(phrase), salt, { N: 2 ** 12, r: 8, p: 1, dkLen: 32 })),
    );
  });

  it('leaves the thread to others while it derives, by either way', async function () {
    this.timeout(60_000);
    const { scryptAsync } = await import('@noble/hashes/scrypt.js');
    const slow = (passphrase: Uint8Array, salt: Uint8Array, logN: number) =>
      scryptAsync(passphrase, salt, { N: 2 ** logN, r: 8, p: 1, dkLen: 32 });
    try {
      for (const [scrypt, logN] of [
        [nodeNative.scrypt, 17],
        [slow, 15],
      ] as const) {
        useScrypt(scrypt);
        let turns = 0;
        const timer = setInterval(() => turns++, 5);
        await sealIdentityFile('text\n', phrase, logN);
        clearInterval(timer);
        assert.ok(turns >= 3, `${turns} turns`);
      }
    } finally {
      useScrypt(slow);
    }
  });

  it('takes the cost that age takes, and no more memory than a gigabyte', async function () {
    this.timeout(60_000);
    const key = await nodeNative.scrypt(Buffer.from(phrase), new Uint8Array(44), 18);
    assert.equal(key.length, 32);
    const file = (await sealIdentityFile('text\n', phrase, 10)).split('\n').slice(1, -2).join('');
    const costly = Buffer.from(
      Buffer.from(file, 'base64')
        .toString('latin1')
        .replace(/( \S+) 10\n/, '$1 21\n'),
      'latin1',
    );
    await assert.rejects(openIdentityFile(armor.encode(costly), phrase), code('BAD_IDENTITY', 'scrypt'));
  });
});
