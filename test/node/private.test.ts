import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder } from '../../src/node/private.ts';
import { describeUnless, windows } from '../skip.ts';

// Windows has no modes to look at, and another place for temporary files.
describeUnless(windows, 'a private folder', () => {
  let place: string;
  const make = () => makePrivateFolder({ XDG_RUNTIME_DIR: place }, process.platform);

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'private-'));
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  it('is for this user alone, and goes with what is in it', () => {
    const folder = make();
    assert.equal(statSync(folder.path).mode & 0o777, 0o700);
    writeFileSync(join(folder.path, 'a'), 'text');
    folder.wipe();
    folder.wipe();
    assert.deepEqual(readdirSync(place), []);
  });

  it('overwrites what it wipes', () => {
    const folder = make();
    const text = 'clear text '.repeat(20_000);
    writeFileSync(join(folder.path, 'a'), text);
    const held = openSync(join(folder.path, 'a'), 'r');
    try {
      folder.wipe();
      const left = Buffer.alloc(text.length, 'x');
      assert.equal(readSync(held, left, 0, left.length, 0), text.length);
      assert.ok(left.every((byte) => byte === 0));
    } finally {
      closeSync(held);
    }
  });

  it('wipes the folder of a process that was killed, and no other', () => {
    const living = make();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const named = (space: string, of: number | string) =>
      join(place, living.path.slice(place.length + 1).replace(/^lockstep-\d+-\d+/, `lockstep-${space}-${of}`));
    const space = /^lockstep-(\d+)/.exec(living.path.slice(place.length + 1))?.[1] ?? '';
    const abandoned = named(space, pid);
    const elsewhere = named('1', pid);
    const strange = join(place, 'lockstep-notes');
    const open = named(space, `${pid}`).replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    for (const folder of [abandoned, elsewhere, strange, open]) mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(abandoned, 'secret'), 'left behind');
    const outside = join(place, 'outside');
    writeFileSync(outside, 'kept');
    symlinkSync(outside, join(abandoned, 'link'));
    rmSync(open, { recursive: true });
    mkdirSync(open, { mode: 0o755 });
    const next = make();
    assert.ok(!existsSync(abandoned));
    for (const folder of [living.path, elsewhere, strange, open, outside, next.path])
      assert.ok(existsSync(folder), folder);
    assert.equal(statSync(outside).size, 4);
  });
});
