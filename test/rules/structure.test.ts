import assert from 'node:assert/strict';
import { circles, crowded, unusedExports } from './structure.ts';
import { readTree } from './tree.ts';

const product = readTree(['src', 'media'], /(?<!\.d)\.ts$/);
const entries = [
  'src/extension/extension.ts',
  'src/cli/start.ts',
  'src/cli/main.ts',
  ...['index', 'config', 'engine'].map((name) => `src/npm/${name}.ts`),
  'media/editor/text/main.ts',
  'media/versions/main.ts',
];

describe('the structure', () => {
  it('has no circle of imports', () => {
    assert.ok(product.size > 400);
    assert.deepEqual(circles(product), []);
    const tree = new Map([
      ['src/a.ts', "import type { B } from './b.ts';"],
      ['src/b.ts', "const c = () => import('./c.ts');"],
      ['src/c.ts', "import { a } from './a.ts';"],
      ['src/d.ts', "import { a } from './a.ts';"],
    ]);
    assert.deepEqual(circles(tree), [['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/a.ts']]);
  });

  it('has no folder of more than 20 files', () => {
    assert.deepEqual(crowded(product, 20), []);
    assert.deepEqual(crowded(new Map(Array.from({ length: 3 }, (_, i) => [`src/a/${i}.ts`, ''])), 2), ['src/a: 3']);
  });

  it('exports nothing that nobody takes', () => {
    const all = new Map([...product, ...readTree(['test'], /(?<!\.d)\.ts$/)]);
    const ours = (one: string) => product.has(one.slice(0, one.indexOf(':')));
    assert.deepEqual(unusedExports(all, entries).filter(ours), []);
    const tree = new Map([
      ['src/a.ts', 'export const a = 1;\nexport function b() {}\nexport type C = 1;\nexport class D {}'],
      ['src/b.ts', "import { a, type C } from './a.ts';\nimport * as e from './e.ts';"],
      ['src/e.ts', 'export const e = 1;'],
    ]);
    assert.deepEqual(unusedExports(tree, []), ['src/a.ts: b', 'src/a.ts: D']);
  });
});
