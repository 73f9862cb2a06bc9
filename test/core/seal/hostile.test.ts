import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import { maxFileSize, requireReadable } from '../../../src/core/format/encoding.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { seal, sealBytes } from '../../../src/core/seal/seal.ts';
import { pathAtOffset, quoteNumbers, respelled } from '../../../src/core/seal/spelling.ts';
import { text } from '../../../src/core/tree/value.ts';
import { setValue } from '../changes.ts';
import { cpuTime } from '../shared.ts';
import { alice, clock, later, reopen } from '../support.ts';

const options = { recipients: [alice.recipient] };

describe('values that come back spelled otherwise', () => {
  it('of a hostile file take no more time and memory than the file', function () {
    this.timeout(60_000);
    const depth = 450;
    const deep = (leaf: string) => `${'{a: '.repeat(depth)}{${leaf}}${'}'.repeat(depth)}`;
    for (const [text, format] of [
      [deep(Array.from({ length: 30_000 }, (_, i) => `k${i}: 007`).join(', ')), 'yaml'],
      [`a: ${'0'.repeat(2_000_000)}1\nb: 1.${'0'.repeat(2_000_000)}1\nc: 1${'0'.repeat(2_000_000)}\n`, 'yaml'],
      [`[${'1'.repeat(200_000)}, ${'1e400, '.repeat(5_000)}1]`.replace(/^/, '{"a": ').replace(/$/, '}'), 'json'],
      [`${'[['.repeat(100_000)}1e400`, 'json'],
      [`a: ${'*'.repeat(100_000)}\n`, 'yaml'],
    ] as const) {
      const clocked = (work: () => unknown) => {
        const start = cpuTime();
        try {
          work();
        } catch (error) {
          assert.ok(error instanceof LockstepError, String(error));
        }
        return cpuTime() - start;
      };
      const parsing = clocked(() => getFormat(format).parse(text));
      const before = process.memoryUsage().heapUsed;
      const looking = clocked(() => respelled(text, format));
      const bytes = process.memoryUsage().heapUsed - before;
      const all = looking + clocked(() => [quoteNumbers(text, format), pathAtOffset(text, format, text.length - 5)]);
      assert.ok(
        all < 10 * parsing + 4_000,
        `${text.slice(0, 20)}: ${Math.round(all)} ms, parsing ${Math.round(parsing)}`,
      );
      assert.ok(bytes < 300_000_000, `${text.slice(0, 20)}: ${bytes} bytes`);
    }
  });
});

describe('what is written can be read again', () => {
  it('by size: ciphertext is larger than clear text', async function () {
    this.timeout(120_000);
    assert.throws(() => requireReadable('x'.repeat(maxFileSize)), { code: 'TOO_LARGE', place: { what: 'sealed' } });
    assert.throws(() => requireReadable('\u00e9'.repeat(maxFileSize / 2)), { code: 'TOO_LARGE' });
    requireReadable('x'.repeat(maxFileSize - 3));
    const bytes = new Uint8Array(39 * 1024 * 1024).fill(0x61);
    await assert.rejects(sealBytes(bytes, 'binary', options, clock), { code: 'TOO_LARGE', place: { what: 'sealed' } });
  });

  it('by size, when one value is set', async function () {
    this.timeout(120_000);
    const { text: sealed } = await sealBytes(new Uint8Array([1, 2]), 'binary', options, clock);
    const opened = await reopen(sealed, 'binary');
    await assert.rejects(setValue(opened, '[0,"data"]', text('a'.repeat(39 * 1024 * 1024)), later), {
      code: 'TOO_LARGE',
      place: { what: 'sealed' },
    });
  });

  it('by nesting and number of entries', async () => {
    const deep = `${'{"a":'.repeat(499)}1${'}'.repeat(499)}`;
    await reopen((await seal(deep, 'json', options, clock)).text, 'json');
    // The metadata has entries as well.
    const many = Array.from({ length: 249_995 }, (_, i) => `K${i}=\n`).join('');
    await assert.rejects(seal(many, 'dotenv', options, clock), { code: 'TOO_LARGE' });
  }).timeout(60_000);
});
