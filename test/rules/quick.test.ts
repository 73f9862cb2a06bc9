import assert from 'node:assert/strict';
import { filesOf, stages } from '../run/stages.mjs';
import { importsOf, linksOf } from './imports.ts';
import { readTree } from './tree.ts';

/** Node's modules that touch nothing outside the process; of the disk the tests read their vectors, and no more. */
const pure = ['assert/strict', 'crypto', 'path', 'url', 'util', 'zlib', 'fs'].map((name) => `node:${name}`);
const reading = /^import \{[ \w,]*\} from 'node:fs';$/m;
const readers = ['readFileSync', 'readdirSync'];

/** What a text imports that starts a process, writes to the disk or builds; of a file by its name in the tree. */
function impure(text: string): string[] {
  const nodes = importsOf(text).filter(
    ({ target, typeOnly }) => !typeOnly && /^(node:|esbuild|playwright)/.test(target),
  );
  const others = nodes.map(({ target }) => target).filter((target) => !pure.includes(target));
  if (!nodes.some(({ target }) => target === 'node:fs')) return others;
  const names = reading
    .exec(text)?.[0]
    .match(/\{(.*)\}/)?.[1]
    ?.split(',') ?? ['node:fs as a whole'];
  return [...others, ...names.map((name) => name.trim()).filter((name) => !readers.includes(name))];
}

/** Every file of the project that these import, themselves too. */
function reached(tree: ReadonlyMap<string, string>, from: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const look = (file: string) => {
    const text = tree.get(file);
    if (text === undefined || seen.has(file)) return;
    seen.add(file);
    for (const { target, typeOnly } of linksOf(file, text)) if (!typeOnly) look(target);
  };
  for (const file of from) look(file);
  return seen;
}

describe('the quick stage', () => {
  const tree = readTree(['src', 'test'], /\.(ts|mjs|cjs)$/);

  it('starts no process, writes no file, builds nothing', () => {
    const quick = stages.filter(({ name }) => name === 'core' || name === 'chance').flatMap(filesOf);
    assert.ok(quick.length > 20);
    const files = reached(tree, quick);
    assert.ok(files.size > 60 && files.has('test/core/support.ts') && files.has('src/core/open/open.ts'));
    const found = [...files].flatMap((file) => impure(tree.get(file) ?? '').map((what) => `${file}: ${what}`));
    assert.deepEqual(found, []);
    assert.deepEqual(
      [...files].filter((file) => /^(src\/(node|cli|extension)|test\/(run|cli|node))\//.test(file)),
      [],
    );
  });

  it('is told apart from the others', () => {
    assert.deepEqual(impure("import { spawnSync } from 'node:child_process';"), ['node:child_process']);
    assert.deepEqual(impure("import { build } from 'esbuild';"), ['esbuild']);
    assert.deepEqual(impure("import { readFileSync, writeFileSync } from 'node:fs';"), ['writeFileSync']);
    assert.deepEqual(impure("import fs from 'node:fs';"), ['node:fs as a whole']);
    assert.deepEqual(impure("import { readFile } from 'node:fs/promises';"), ['node:fs/promises']);
    assert.deepEqual(
      impure("import type { ChildProcess } from 'node:child_process';\nimport { join } from 'node:path';"),
      [],
    );
    const chain = new Map([
      ['test/core/a.test.ts', "import { b } from './b.ts';"],
      ['test/core/b.ts', "import { c } from '../../src/node/c.ts';"],
      ['src/node/c.ts', ''],
    ]);
    assert.ok(reached(chain, ['test/core/a.test.ts']).has('src/node/c.ts'));
  });

  it('is what npm run test:core runs', () => {
    const { scripts } = JSON.parse(readTree(['package.json'], /\.json$/).get('package.json') ?? '');
    assert.equal(scripts['test:core'], 'node test/run/all.mjs --only core');
  });
});
