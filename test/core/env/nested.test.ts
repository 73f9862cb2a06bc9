import assert from 'node:assert/strict';
import { handedOf, variableName } from '../../../src/core/env/nested.ts';
import { open } from '../../../src/core/open/open.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { alice, clock, keyringOf } from '../support.ts';

async function handed(text: string, format: 'yaml' | 'dotenv') {
  const sealed = await seal(text, format, { recipients: [alice.recipient] }, clock);
  const opened = await open(readSealed(sealed.text, format), await keyringOf(alice.identity));
  return handedOf(opened, 'dotenv', {});
}

describe('values for a program', () => {
  it('are named by the keys that lead to them', () => {
    assert.equal(variableName(['db', 'password']), 'DB_PASSWORD');
    assert.equal(variableName(['DATABASE_URL']), 'DATABASE_URL');
    assert.equal(variableName(['hosts', 0, 'tls.key']), 'HOSTS_0_TLS_KEY');
    assert.equal(variableName(['2fa']), '_2FA');
  });

  it('are texts, as a shell has them', async () => {
    const found = await handed('a:\n  b: x\n  n: null\n  i: 5\n  t: true\n  l: [1, two]\n', 'yaml');
    assert.deepEqual(
      found.map(({ variable, value }) => [variable, value]),
      [
        ['A_B', 'x'],
        ['A_N', ''],
        ['A_I', '5'],
        ['A_T', 'true'],
        ['A_L_0', '1'],
        ['A_L_1', 'two'],
      ],
    );
  });

  it('of a .env are read as its loader does, under their own names', async () => {
    const found = await handed('a_b="x y" # why\n', 'dotenv');
    assert.deepEqual(found, [{ path: ['a_b'], variable: 'a_b', value: 'x y' }]);
  });

  it('are refused when no variable holds them, with the key path', async () => {
    await assert.rejects(handed('a:\n  b: "x\\0y"\n', 'yaml'), (error: { code: string; place: { path: string[] } }) => {
      assert.deepEqual([error.code, error.place.path], ['BAD_VALUE', ['a', 'b']]);
      return true;
    });
  });
});
