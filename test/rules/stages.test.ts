import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { filesOf, stages } from '../run/stages.mjs';
import { seed } from '../seed.ts';
import { readTree, root } from './tree.ts';

const own = ['test/skip.ts', 'test/story.ts', 'test/run/skip.test.ts', 'test/rules/stages.test.ts'];

/** Ways to leave a test out that nobody would hear of, or that do not tell the two kinds of reasons apart. */
const leavesOut =
  /\.(skip|only|bail)\b|\bpending( =|\()|\bif \(.*(process\.platform|getuid|existsSync|process\.env\.|which\(|spawnSync).*\) return( undefined)?;/;

describe('stages', () => {
  it('run every test file once', () => {
    const files = [...readTree(['test'], /\.test\.ts$/).keys()].sort();
    assert.ok(files.length > 3);
    assert.deepEqual(stages.flatMap(filesOf).sort(), files);
  });

  it('all run in CI, by the words of the README', () => {
    const words = /^CI=true((?: LOCKSTEP_\w+=1)+) npm test$/m.exec(readFileSync(join(root, '.ci', 'run'), 'utf8'));
    const set = words?.[1]?.trim().split(' ') ?? assert.fail('no npm test');
    const asked = stages.flatMap((stage) => stage.asked ?? []);
    assert.ok(asked.length > 1);
    for (const name of asked) assert.ok(set.includes(`${name}=1`), name);
  });

  it('say why a test does not run', () => {
    const files = [...readTree(['test'], /\.ts$/)];
    const silent = files.filter(([name, text]) => !own.includes(name) && leavesOut.test(text));
    assert.deepEqual(
      silent.map(([name]) => name),
      [],
      'test/skip.ts and test/story.ts have the ways',
    );
    for (const text of [
      "it.skip('x', test);",
      'this.skip();',
      'this.bail(true);',
      'test.pending = true;',
      "describe.only('x', tests);",
      "if (process.platform === 'win32') return;",
      'if (!existsSync(sops)) return;',
      'if (process.getuid?.() !== 0) return undefined;',
      'if (!process.env.LOCKSTEP_SOPS) return;',
      "if (!which('age')) return;",
    ]) {
      assert.match(text, leavesOut);
    }
  });

  it('begin generated cases where every other run of the same commit does', () => {
    assert.equal(fc.readConfigureGlobal().seed, seed);
    const files = [...readTree(['test'], /\.ts$/)].filter(([, text]) => text.includes("from 'fast-check'"));
    assert.ok(files.length > 40);
    // Lanes that check cases of one kind at the same time begin at seeds beside each other.
    const others = files.filter(([name, text]) => /\bseed\b/.test(text) && !name.endsWith('/lanes.ts'));
    assert.deepEqual(
      others.map(([name]) => name),
      ['test/rules/stages.test.ts', 'test/seed.ts'],
    );
  });

  it('read nothing that stands beside the project', () => {
    const outside = /(\.\.\/|'\.\.', ?')shared\/?'?,? ?'?fixtures|\broot, '\.\.'/;
    for (const [name, text] of readTree(['test', 'src', 'media', 'esbuild.mjs'], /\.(ts|mjs|cjs|js|json)$/)) {
      assert.ok(own.includes(name) || !outside.test(text), name);
    }
    assert.match("join(root, '..', 'shared', 'fixtures')", outside);
    assert.match("'../shared/fixtures/sops'", outside);
  });
});
