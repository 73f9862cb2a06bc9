import assert from 'node:assert/strict';
import { mutants } from '../mutants/mutants.ts';
import { readTree } from './tree.ts';

describe('mutants', () => {
  it('change texts that stand in the source once', () => {
    const files = readTree(['src', 'media'], /\.ts$/);
    const edits = mutants.flatMap((mutant) => mutant.edits);
    assert.ok(edits.length > 5);
    for (const { file, line } of edits) {
      assert.equal(files.get(file)?.split(line).length, 2, `${file} holds this once: ${line}`);
    }
  });
});
