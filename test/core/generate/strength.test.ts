import assert from 'node:assert/strict';
import { generate } from '../../../src/core/generate/generate.ts';
import { strengthOf } from '../../../src/core/generate/strength.ts';

describe('the strength of a pass phrase', () => {
  const below = (limit: number, texts: readonly string[]) => {
    for (const text of texts) assert.ok(strengthOf(text) < limit, `${text}: ${strengthOf(text)}`);
  };
  const above = (limit: number, texts: readonly string[]) => {
    for (const text of texts) assert.ok(strengthOf(text) >= limit, `${text}: ${strengthOf(text)}`);
  };

  it('is little for what programs try first', () => {
    below(28, ['', 'aaaaaaaaaaaaaaaa', '123456789012', 'qwertyuiop12', 'Password1234', 'abcdefghijkl', 'summer2026!!']);
    below(28, ['lovelovelove', 'abababababab', 'asdfghjkl;;;;', 'monkey monkey monkey monkey']);
  });

  it('grows with each word, and is that of the words and not of their letters', () => {
    below(50, ['correct horse battery', 'orange tiger']);
    above(28, ['correct horse battery']);
    above(50, ['orange tiger window paper stone', 'kX9vQ2mZ7pLwR4tB']);
    below(100, ['orange tiger window paper stone']);
  });

  it('is at least half of what is known of a generated one', () => {
    for (const count of [6, 8]) {
      const { text, bits } = generate({ kind: 'words', count, separator: ' ' });
      assert.ok(strengthOf(text) >= bits / 2 && strengthOf(text) < bits + 12, `${text}: ${strengthOf(text)}`);
    }
  });
});
