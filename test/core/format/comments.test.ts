import assert from 'node:assert/strict';
import { getFormat } from '../../../src/core/format/which.ts';
import { aadOf, walk } from './seal.ts';
import vectors from './vectors/comments.json';

describe('YAML comments lie where sops has them', () => {
  for (const { name, input, comments } of vectors.cases) {
    it(name, () => {
      const found: string[][] = [];
      for (const { node, path } of walk(getFormat('yaml').parse(input))) {
        if (node.kind === 'comment') found.push([node.text, aadOf(path)]);
      }
      // Comments of an anchored map are there twice for sops, which expands the alias.
      const expected = comments.filter(([text], i) => comments.findIndex(([one]) => one === text) === i);
      const kept = found.filter(([text]) => expected.some(([one]) => one === text));
      assert.deepEqual(kept, expected);
    });
  }
});
