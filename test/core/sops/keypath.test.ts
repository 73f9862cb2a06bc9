import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePath, printPath } from '../../../src/core/sops/keypath.ts';

describe('a key path as sops writes it', () => {
  it('comes back as it was printed', () => {
    assert.equal(printPath(['db', 'hosts', 0]), '["db"]["hosts"][0]');
    const part = fc.oneof(
      fc.string().filter((text) => !text.includes('"') && !text.includes(']')),
      fc.nat({ max: 99 }),
      fc.constantFrom('a"b', 'a.b', "it's", ''),
    );
    fc.assert(fc.property(fc.array(part), (path) => assert.deepEqual(parsePath(printPath(path)), path)));
  });
});
