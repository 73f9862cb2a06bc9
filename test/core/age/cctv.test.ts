import assert from 'node:assert/strict';
import { isSlow, testVectors } from './cctv.ts';
import { ageVectors as all } from './kit.ts';

const expectations = ['success', 'no match', 'HMAC failure', 'header failure', 'payload failure', 'armor failure'];

describe('the test vectors of age', () => {
  it('are all here', () => {
    assert.equal(all.length, 143);
    for (const { expect } of all) assert.ok(expectations.includes(expect), expect);
    assert.ok(all.filter((one) => one.expect === 'success').length > 20);
  });

  testVectors(all.filter((vector) => !isSlow(vector)));
});
