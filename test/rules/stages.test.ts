import assert from 'node:assert/strict';
import { filesOf, stages } from '../run/stages.mjs';
import { readTree } from './tree.ts';

describe('stages', () => {
  it('run every test file once', () => {
    const files = [...readTree(['test'], /\.test\.ts$/).keys()].sort();
    assert.ok(files.length > 3);
    assert.deepEqual(stages.flatMap(filesOf).sort(), files);
  });
});
