import assert from 'node:assert/strict';
import type { Leaf } from '../../../src/core/sops/sealed.ts';
import { leafAt } from '../../../src/core/view/entry.ts';
import { hoverFacts } from '../../../src/core/view/hover.ts';
import { type LensInput, lensPlan, readers } from '../../../src/core/view/lenses.ts';
import { Lines } from '../../../src/core/view/lines.ts';

/** Leaves for each `key:value` of a text; a value in capitals is encrypted. */
function leavesOf(text: string): Leaf[] {
  return [...text.matchAll(/(\w+):(\w+)/g)].map((match) => {
    const [, key = '', value = ''] = match;
    const start = match.index + key.length + 1;
    const leaf: Partial<Leaf> = {
      id: key,
      document: 0,
      path: [key],
      node: {
        kind: 'scalar',
        span: { start, end: start + value.length },
        scalar: { type: 'str', value },
        style: 'plain',
        flow: false,
      },
      keySpan: { start: match.index, end: match.index + key.length },
      encrypted: value === value.toUpperCase(),
      type: 'str',
    };
    return leaf as Leaf;
  });
}

function plan(text: string, given: Partial<LensInput> = {}) {
  const input: LensInput = {
    leaves: leavesOf(text),
    binary: undefined,
    lines: new Lines(text),
    mode: 'auto',
    current: undefined,
    comment: undefined,
    editable: true,
    several: new Set(),
    quoted: new Set(),
    failed: new Set(),
    ...given,
  };
  return lensPlan(input).map((lens) => `${lens.id}@${lens.offset} ${lens.verbs.join(' ')}`);
}

const many = Array.from({ length: 16 }, (_, i) => `k${i}:V`).join('\n');

describe('lenses on entries', () => {
  it('stand on every encrypted entry of a short file', () => {
    assert.deepEqual(plan('a:A\nb:b\nc:C'), ['a@0 copy set reveal more', 'c@8 copy set reveal more']);
    assert.deepEqual(plan(''), []);
  });

  it('stand on the current entry of a long one', () => {
    assert.deepEqual(plan(many), []);
    assert.deepEqual(plan(many, { current: 'k3' }), ['k3@15 copy set reveal more']);
    assert.equal(plan(many, { mode: 'all' }).length, 16);
    assert.deepEqual(plan('a:A', { mode: 'none', current: 'a' }), []);
    assert.deepEqual(plan('a:A\nb:B', { mode: 'current', current: 'b' }), ['b@4 copy set reveal more']);
  });

  it('offer only what works', () => {
    assert.deepEqual(plan('a:A\nb:B\nc:c', { editable: false, failed: new Set(['a']), current: 'c' }), [
      'b@4 copy reveal',
    ]);
    assert.deepEqual(plan('a:a', { current: 'a' }), ['a@0 set more']);
    assert.deepEqual(plan('a:A', { several: new Set(['a']) }), ['a@0 copy editor reveal more']);
  });

  it('offer for a binary file another file, and its value where that is text', () => {
    assert.deepEqual(plan('data:A', { binary: 'bytes' }), ['data@0 copy replace more']);
    assert.deepEqual(plan('data:A', { binary: 'text' }), ['data@0 copy replace reveal more']);
    assert.deepEqual(plan('data:A', { binary: 'bytes', editable: false }), ['data@0 copy']);
  });

  it('never mix two entries on a line', () => {
    assert.deepEqual(plan('a:A b:B\nc:C'), ['c@8 copy set reveal more']);
    assert.deepEqual(plan('a:A b:B\nc:C', { current: 'b' }), ['b@4 copy set reveal more', 'c@8 copy set reveal more']);
  });

  it('are planned for 10,000 entries', () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `k${i}:V`).join('\n');
    assert.equal(plan(text, { leaves: leavesOf(text), mode: 'all' }).length, 10_000);
  });
});

describe('an entry', () => {
  it('is found under the cursor', () => {
    const text = 'a:AA  # x\n\nb:B c:C  # y';
    const at = (offset: number) => leafAt(leavesOf(text), new Lines(text), offset)?.id;
    assert.deepEqual([0, 3, 8, 10, 11, 13, 14, 16, 22].map(at), [
      'a',
      'a',
      'a',
      undefined,
      'b',
      'b',
      'b',
      'c',
      undefined,
    ]);
  });

  it('has facts without its value', () => {
    const [leaf] = leavesOf('a:A');
    assert.ok(leaf);
    const facts = hoverFacts({ ...leaf, path: ['a', 0, 'b\u202Ec'] }, { type: 'str', value: 'S3CR3T\nS3CR3T' });
    assert.deepEqual(facts, { path: 'a[0]["b\\u{202e}c"]', type: 'str', lines: '2-10' });
  });
});

describe('readers', () => {
  it('count our own keys as one person', () => {
    assert.deepEqual(readers(['x', 'y', 'z', 'x'], 1, new Set(['x', 'y'])), { you: true, others: 2 });
    assert.deepEqual(readers(['x'], 0, new Set()), { you: false, others: 1 });
  });
});
