import assert from 'node:assert/strict';
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { openIdentityFile, sealIdentityFile } from '../../../src/core/age/private/identityfile.ts';
import { isOurs } from '../../../src/core/errors.ts';

const phrase = 'correct horse battery';
const code = (expected: string, what?: string) => (error: unknown) =>
  isOurs(error) &&
  error.code === expected &&
  (what === undefined || ('what' in error.place && error.place.what === what));

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

  it('is not opened at any cost: no more than a gigabyte of memory', async function () {
    this.timeout(60_000);
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
