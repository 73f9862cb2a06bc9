import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Alphabet, alphabets, generate } from '../../../src/core/generate/generate.ts';

const names = Object.keys(alphabets) as Alphabet[];

describe('generated values', () => {
  it('have the length, the characters and the strength that were asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1024 }), fc.subarray(names, { minLength: 1 }), (length, chosen) => {
        const { text, bits } = generate({ kind: 'characters', length, alphabets: chosen });
        const all = chosen.map((name) => alphabets[name]).join('');
        assert.equal(text.length, length);
        assert.ok([...text].every((c) => all.includes(c)));
        assert.equal(bits, length * Math.log2(all.length));
      }),
    );
  });

  it('count an alphabet that is named twice once', () => {
    assert.equal(generate({ kind: 'characters', length: 1, alphabets: ['digits', 'digits'] }).bits, 3);
  });

  it('use every character as often as the others', () => {
    for (const chosen of [names, ['symbols'], ['lower', 'upper', 'digits']] as const) {
      const size = chosen.map((name) => alphabets[name]).join('').length;
      const counts = new Map<string, number>();
      for (let i = 0; i < 60; i++) {
        const { text } = generate({ kind: 'characters', length: 1024, alphabets: chosen });
        for (const c of text) counts.set(c, (counts.get(c) ?? 0) + 1);
      }
      const mean = (60 * 1024) / size;
      assert.equal(counts.size, size);
      for (const n of counts.values()) assert.ok(Math.abs(n - mean) < 7 * Math.sqrt(mean), `${n} of about ${mean}`);
    }
  });

  it('are keys, UUIDs and words', () => {
    const forms = [
      [{ kind: 'key', bits: 128 }, /^[A-Za-z0-9+/]{22}==$/, 128],
      [{ kind: 'key', bits: 256 }, /^[A-Za-z0-9+/]{43}=$/, 256],
      [{ kind: 'key', bits: 256, encoding: 'hex' }, /^[0-9a-f]{64}$/, 256],
      [{ kind: 'uuid' }, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 122],
      [{ kind: 'words', count: 6, separator: ' ' }, /^(?:[a-z]{3,8} ){5}[a-z]{3,8}$/, 66],
    ] as const;
    for (const [options, form, strength] of forms) {
      const made = Array.from({ length: 100 }, () => generate(options));
      assert.equal(new Set(made.map(({ text }) => text)).size, 100);
      for (const { text, bits } of made) {
        assert.match(text, form);
        assert.equal(bits, strength);
      }
    }
  });

  it('draw from the whole list of words', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++)
      for (const word of generate({ kind: 'words', count: 1024, separator: ' ' }).text.split(' ')) seen.add(word);
    assert.equal(seen.size, 2048);
  });

  it('refuse numbers out of range', () => {
    for (const length of [0, -1, 1.5, 1025, Number.NaN]) {
      assert.throws(() => generate({ kind: 'characters', length, alphabets: names }), { code: 'BAD_VALUE' });
      assert.throws(() => generate({ kind: 'words', count: length, separator: '' }), { code: 'BAD_VALUE' });
    }
    assert.throws(() => generate({ kind: 'characters', length: 8, alphabets: [] }), { code: 'BAD_VALUE' });
    assert.throws(() => generate({ kind: 'key', bits: 64 as 128 }), { code: 'BAD_VALUE' });
  });
});
