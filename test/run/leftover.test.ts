import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leftSince, untracked } from './leftover.mjs';

describe('what a run leaves', () => {
  let root: string;
  const write = (name: string) => {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), 'x\n');
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lockstep-left-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is every new file that git does not ignore, and every new name at the top', async () => {
    execFileSync('git', ['init', '-q'], { cwd: root });
    writeFileSync(join(root, '.gitignore'), '.cache\ndist\nnode_modules\n*.log\n');
    write('src/mine.ts');
    const before = await untracked(root);
    assert.deepEqual(await leftSince(before, root), []);
    for (const name of ['.cache/a', 'dist/a', 'node_modules/a', 'src/a.log', 'src/left.json', '\\tmp\\x/log'])
      write(name);
    mkdirSync(join(root, 'empty'));
    assert.deepEqual(await leftSince(before, root), ['\\tmp\\x', '\\tmp\\x/log', 'empty', 'src/left.json']);
  });

  it('is not known without git', async () => {
    write('a');
    const before = await untracked(root);
    assert.equal(before, undefined);
    write('b');
    assert.deepEqual(await leftSince(before, root), []);
  });
});
