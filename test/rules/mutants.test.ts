import assert from 'node:assert/strict';
import { lost } from '../mutants/copy.ts';
import { mutants } from '../mutants/mutants.ts';
import { narrow } from '../mutants/narrow.ts';
import { readTree } from './tree.ts';

describe('mutants', () => {
  const files = readTree(['src', 'media'], /\.ts$/);
  const all = [...mutants, ...narrow];

  it('change texts that stand in the source once', () => {
    const bad = all.flatMap(({ name, edits }) =>
      edits
        .filter(({ file, line }) => files.get(file)?.split(line).length !== 2)
        .map(({ file, line }) => lost(name, file, line)),
    );
    assert.deepEqual(bad, []);
    for (const { line, by } of all.flatMap((mutant) => mutant.edits)) assert.notEqual(line, by);
  });

  it('are many enough, each has its own name, and tests that are there', () => {
    assert.ok(all.length >= 25, `${all.length} mutants`);
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
    const tests = readTree(['test'], /\.test\.ts$/);
    for (const { name, tests: wanted } of narrow) {
      for (const file of wanted) assert.ok(tests.has(file), `the mutant “${name}” wants ${file}`);
    }
  });
});
