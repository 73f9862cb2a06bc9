import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { root } from './tree.ts';

/** What stands beside the folders and files that tools insist on, which begin with a dot. */
const allowed = [
  ...['docs', 'media', 'src', 'test'],
  ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md'],
  ...['esbuild.mjs', 'package-lock.json', 'package.json', 'tsconfig.json'],
];
const made = ['dist', 'node_modules'];

describe('the top of the project', () => {
  it('has its few names and no other', () => {
    const names = readdirSync(root).filter((name) => !name.startsWith('.') && !made.includes(name));
    assert.deepEqual(names.sort(), [...allowed].sort());
  });
});
