import assert from 'node:assert/strict';
import fc from 'fast-check';
import { revealText } from '../../../src/core/view/shown.ts';

const run = { numRuns: 300 };
const str = (value: string | Uint8Array) => ({ type: 'str', value }) as const;
const shown = (value: string) => {
  const out = revealText(str(value));
  return out.kind === 'text' ? out.text : out.kind;
};

describe('a revealed value', () => {
  it('never breaks the line, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (value) => {
        const text = shown(value);
        assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        assert.ok(text.length < 1000);
      }),
      run,
    );
  });
});
