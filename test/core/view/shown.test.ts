import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shortRecipient } from '../../../src/core/view/hover.ts';
import { Lines } from '../../../src/core/view/lines.ts';
import { escapeMarkdown } from '../../../src/core/view/markdown.ts';
import { lineBucket, revealText } from '../../../src/core/view/shown.ts';

const run = { numRuns: 300 };
const str = (value: string | Uint8Array) => ({ type: 'str', value }) as const;
const shown = (value: string) => {
  const out = revealText(str(value));
  return out.kind === 'text' ? out.text : out.kind;
};

describe('a revealed value', () => {
  it('is one line', () => {
    assert.equal(shown('a\nb\r\nc\rd\te'), 'a⏎b⏎c⏎d⇥e');
    assert.equal(shown('\u202Eabc\u200B\u0000\u2028'), '\\u{202e}abc\\u{200b}\\u{0}\\u{2028}');
    assert.equal(shown(''), 'empty');
    assert.equal(shown(" it's \\ "), " it's \\ ");
  });

  it('is cut', () => {
    assert.equal(shown('x'.repeat(200)), 'x'.repeat(200));
    assert.equal(shown('x'.repeat(201)), `${'x'.repeat(200)}…`);
    assert.equal([...shown('😀'.repeat(300))].length, 201);
    assert.ok(shown('\u0000'.repeat(5000)).length < 500);
  });

  it('may be of any type', () => {
    assert.deepEqual(revealText(str(new Uint8Array([255, 0]))), { kind: 'bytes', count: 2 });
    assert.deepEqual(revealText({ type: 'int', value: 12345678901234567890n }), {
      kind: 'text',
      text: '12345678901234567890',
    });
    assert.deepEqual(revealText({ type: 'bool', value: false }), { kind: 'text', text: 'false' });
    assert.deepEqual(revealText({ type: 'null' }), { kind: 'text', text: 'null' });
  });

  it('tells its lines in buckets', () => {
    for (const [value, bucket] of [
      ['', '1'],
      ['a', '1'],
      ['a\n', '1'],
      ['a\nb', '2-10'],
      ['a\n'.repeat(10), '2-10'],
      ['a\n'.repeat(11), '10+'],
    ] as const) {
      assert.equal(lineBucket(str(value)), bucket);
    }
    assert.equal(lineBucket({ type: 'int', value: 1n }), '1');
  });
});

describe('a foreign text in a hover', () => {
  it('is no Markdown', () => {
    assert.equal(
      escapeMarkdown('[x](command:a) <b> $(key)\n# h'),
      '\\[x\\]\\(command\\:a\\) \\<b\\> \\$\\(key\\) \\# h',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        const out = escapeMarkdown(text);
        assert.doesNotMatch(out.replace(/\\[!-/:-@[-`{-~]/g, ''), /[!-/:-@[-`{-~\n]/);
      }),
      run,
    );
  });

  it('names a recipient by its ends', () => {
    assert.equal(shortRecipient('age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun'), 'age1lzd99uk…nvun');
    assert.equal(shortRecipient('short'), 'short');
  });
});

describe('lines', () => {
  it('know where an offset is', () => {
    const text = 'ab\r\ncd\n\nef';
    const lines = new Lines(text);
    assert.equal(lines.count, 4);
    assert.deepEqual(
      [0, 1, 2, 3].map((line) => lines.text(line)),
      ['ab', 'cd', '', 'ef'],
    );
    assert.deepEqual(lines.position(5), { line: 1, character: 1 });
    assert.deepEqual(lines.position(7), { line: 2, character: 0 });
    assert.deepEqual(lines.position(10), { line: 3, character: 2 });
    assert.deepEqual(lines.position(3), { line: 0, character: 2 });
  });
});
