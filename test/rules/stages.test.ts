import assert from 'node:assert/strict';
import { filesOf, stages } from '../run/stages.mjs';
import { readTree } from './tree.ts';

describe('stages', () => {
  it('run every test file once', () => {
    const files = [...readTree(['test'], /\.test\.ts$/).keys()].sort();
    assert.ok(files.length > 3);
    assert.deepEqual(stages.flatMap(filesOf).sort(), files);
  });

  it('say why a test does not run', () => {
    const own = ['test/skip.ts', 'test/rules/stages.test.ts'];
    const silent = [...readTree(['test'], /\.ts$/)].filter(
      ([name, text]) => !own.includes(name) && /\.skip\b|win32'\) return;/.test(text),
    );
    assert.deepEqual(
      silent.map(([name]) => name),
      [],
      'test/skip.ts has the way',
    );
  });
});
