import assert from 'node:assert/strict';
import { mergeLines } from '../../../src/core/merge/lines.ts';

const count = 200_000;
const texts = (line: (i: number) => string) => Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');

describe('lines of both sides, more than a call takes arguments', () => {
  const keys = texts((i) => `k${i}`);

  it('that both added', () => {
    const [mine, theirs] = [texts((i) => `a${i}`), texts((i) => `b${i}`)];
    for (const prefer of ['mine', 'theirs', 'both'] as const)
      assert.equal(mergeLines('', mine, theirs, prefer), theirs + mine);
  });

  it('that both changed, one of them all at once', () => {
    const mine = texts((i) => `k${i}=1`);
    const theirs = 'other\n';
    assert.equal(mergeLines(keys, mine, theirs, 'mine'), mine);
    assert.equal(mergeLines(keys, mine, theirs, 'theirs'), theirs);
    assert.equal(mergeLines(keys, mine, theirs, 'both'), theirs + mine);
  });

  it('that one side took out', () => {
    assert.equal(mergeLines(keys, '', keys, 'theirs'), '');
    assert.equal(
      mergeLines(
        keys,
        '',
        texts((i) => `k${i}=2`),
        'both',
      ).length,
      texts((i) => `k${i}=2`).length,
    );
  });
});
