import assert from 'node:assert/strict';
import { LockstepError } from '../../../../src/core/errors.ts';
import { getFormat } from '../../../../src/core/format/which.ts';
import { plainDocuments } from '../tree.ts';
import vectors from '../vectors/scalars.json';

describe('YAML scalars', () => {
  it('resolve as in go-yaml', () => {
    for (const [text, type, value] of vectors as [string, string, string?][]) {
      const parse = () => getFormat('yaml').parse(`k: ${text}\n`);
      if (type === 'error') assert.throws(parse, LockstepError, JSON.stringify(text));
      else if (type === 'unsupported') assert.throws(parse, { code: 'UNSUPPORTED_VALUE' }, JSON.stringify(text));
      else {
        const leaf = value === undefined ? [type] : [type, value];
        assert.deepEqual(plainDocuments(parse()), [{ map: [['k', leaf]] }], JSON.stringify(text));
      }
    }
  });
});
