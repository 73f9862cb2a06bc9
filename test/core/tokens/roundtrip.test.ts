import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openAge, sealAge } from '../../../src/core/tokens/age.ts';
import { dotenvxPublicKey } from '../../../src/core/tokens/dotenvx.ts';
import { recognise, tokenFormats } from '../../../src/core/tokens/formats.ts';
import type { TokenKind } from '../../../src/core/tokens/kinds.ts';

/** Any text that is Unicode: with line breaks, signs beyond the first plane, byte order marks and NUL. */
const text = fc.string({ unit: 'binary' });
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const fernetKeys = bytes(32).map((key) => Buffer.from(key).toString('base64url'));
const phrases = fc.string({ unit: 'binary', minLength: 1 });
/** A secret for reading, and one for writing if that is another. */
type Keys = fc.Arbitrary<readonly [open: string, seal: string]>;
const alike = (keys: fc.Arbitrary<string>): Keys => keys.map((key) => [key, key]);

const kinds: Readonly<
  Partial<Record<Exclude<TokenKind, 'age'>, readonly [keys: Keys, runs: number, marked: boolean]>>
> = {
  flet: [alike(phrases), 2, true],
  'flet-gcm': [alike(phrases), 2, false],
  fernet: [alike(fernetKeys), 200, true],
  anvil: [alike(bytes(16).map((key) => Buffer.from(key).toString('base64'))), 200, false],
  flowfile: [alike(fernetKeys), 200, true],
  dotenvx: [
    bytes(32)
      .map(hex)
      .filter(isKey)
      .map((key) => [key, dotenvxPublicKey(key)]),
    40,
    true,
  ],
  kestra: [alike(fc.constant('')), 200, false],
};

function isKey(key: string): boolean {
  return key > '0'.repeat(63) && key < 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';
}

describe('every text comes back', () => {
  for (const [name, [keys, runs, marked]] of Object.entries(kinds)) {
    it(name, async function () {
      this.timeout(60_000);
      const kind = name as keyof typeof kinds;
      const { open, seal } = tokenFormats[kind];
      await fc.assert(
        fc.asyncProperty(
          text,
          keys,
          fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(2 ** 41) }),
          fc.nat(),
          async (plain, [opens, seals], now, user) => {
            const value = (await seal?.(Buffer.from(plain, 'utf8'), seals, { now, user })) ?? '';
            assert.match(value, /^[\x21-\x7e]*$/);
            if (marked) assert.equal(recognise(value), kind);
            assert.equal(Buffer.from(await open(value, opens)).toString('utf8'), plain);
            assert.ok(plain.length < 12 || !value.includes(plain));
          },
        ),
        { numRuns: runs },
      );
    });
  }

  it('age, under a pass phrase', async () => {
    const passphrase = 'correct horse';
    await fc.assert(
      fc.asyncProperty(text, async (plain) => {
        const value = await sealAge(Buffer.from(plain, 'utf8'), { passphrase, logN: 1 });
        assert.equal(recognise(value), 'age');
        assert.equal(Buffer.from(await openAge(value, { passphrase })).toString('utf8'), plain);
      }),
      { numRuns: 30 },
    );
  });

  it('no two values of one text are alike', async () => {
    const key = Buffer.alloc(32, 7).toString('base64url');
    const about = { now: new Date(0), user: 1 };
    const made = await Promise.all([1, 2].map(() => tokenFormats.fernet.seal?.(Buffer.from('same'), key, about)));
    assert.notEqual(made[0], made[1]);
  });
});
