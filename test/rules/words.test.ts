import assert from 'node:assert/strict';
import type { Tree } from './imports.ts';
import { readTree } from './tree.ts';

const unfinished = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
const consoleUse = /(^|[^\w.])console\s*\./;

/** The lines of a tree that match, as `file:line`. */
function lines(tree: Tree, pattern: RegExp): string[] {
  return [...tree].flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
  );
}

describe('words in the source', () => {
  it('leave nothing unfinished', () => {
    const tree = readTree(['src', 'media', 'test', 'docs', 'esbuild.mjs', 'README.md'], /\.(ts|js|mjs|cjs|css|md)$/);
    assert.deepEqual(lines(tree, unfinished), []);
  });

  it('leave the console alone', () => {
    assert.deepEqual(lines(readTree(['src', 'media'], /\.(ts|js)$/), consoleUse), []);
  });

  it('name the place of keys in one way: SecretStorage', () => {
    const other = /\bthe vault\b|\bsecret storage\b/i;
    const strings = new RegExp(`'[^'\n]*(?:${other.source})`, 'i');
    assert.deepEqual(lines(readTree(['src', 'media'], /\.ts$/), strings), []);
    const pages = ['README.md', 'SECURITY.md', 'docs', 'package.json'];
    assert.deepEqual(lines(readTree(pages, /\.(md|json)$/), other), []);
  });

  it('are found where they are', () => {
    const bad = new Map([['a.ts', `x\n// ${'TO' + 'DO'} y\nconsole.log(1);\nmyconsole.log(1);`]]);
    assert.deepEqual(lines(bad, unfinished), ['a.ts:2']);
    assert.deepEqual(lines(bad, consoleUse), ['a.ts:3']);
  });
});
