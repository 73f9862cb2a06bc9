import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import fsSync, {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { LockstepError } from '../../src/core/errors.ts';
import type { WriteNote } from '../../src/core/platform/disk.ts';
import { otherNames, readBytes, stage, writeAtomically } from '../../src/node/files.ts';
import { isMountPoint, listenToWrites } from '../../src/node/inplace.ts';
import { cannotMount } from '../mounting.ts';
import { describeUnless, itUnless, windows } from '../skip.ts';

const old = 'old text\n'.repeat(1000);
const longer = 'new text, longer than the old one\n'.repeat(1000);
const code = (expected: string) => (error: unknown) => error instanceof LockstepError && error.code === expected;
const mounting = cannotMount();
const run = (program: string, ...args: string[]) =>
  assert.equal(spawnSync(program, args).status, 0, `${program} ${args}`);

describeUnless(windows, 'a file that no other can take the place of', () => {
  let folder: string;
  let path: string;
  let notes: WriteNote[];
  const text = () => readFileSync(path, 'utf8');
  /** Copies, beside the file or where else they may be. */
  const copies = () =>
    [folder, tmpdir()].flatMap((at) =>
      readdirSync(at)
        .filter((name) => /^\.a b\.env\.[0-9a-f]{16}\.tmp$/.test(name))
        .map((name) => join(at, name)),
    );

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-inplace-'));
    path = join(folder, 'a b.env');
    writeFileSync(path, old, { mode: 0o640 });
    notes = [];
    listenToWrites((note) => notes.push(note));
  });
  afterEach(() => {
    listenToWrites(() => undefined);
    const left = copies();
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(left, []);
  });

  describe('because of its file system', () => {
    type Loose = Record<string, (...args: unknown[]) => unknown>;
    let undo: (() => void)[] = [];
    const instead = (target: unknown, name: string, work: (...args: unknown[]) => unknown) => {
      const loose = target as Loose;
      const real = loose[name];
      loose[name] = work;
      undo.push(() => Object.assign(loose, { [name]: real }));
      syncBuiltinESMExports();
      return real as (...args: unknown[]) => unknown;
    };
    const refusing = (errno: string) =>
      instead(fs, 'rename', () => Promise.reject(Object.assign(new Error(), { code: errno })));
    afterEach(() => {
      for (const one of undo.reverse()) one();
      undo = [];
      syncBuiltinESMExports();
    });

    for (const errno of ['EBUSY', 'EXDEV', 'EPERM', 'ENOSYS', 'ENOTSUP'])
      it(`is written where it stands after ${errno}, shorter or longer`, async () => {
        refusing(errno);
        const { ino } = statSync(path);
        for (const next of [longer, 'short', '', old]) {
          notes = [];
          const { hash } = await readBytes(path);
          await writeAtomically(path, Buffer.from(next), hash);
          assert.equal(text(), next);
          assert.equal(statSync(path).ino, ino);
          assert.equal(statSync(path).mode & 0o777, 0o640);
          assert.deepEqual(
            notes.map(({ kind, path: at }) => [kind, at]),
            [['in-place', path]],
          );
          assert.deepEqual(copies(), []);
        }
      });

    it('has a whole copy beside it before a byte of it changes', async () => {
      refusing('EXDEV');
      listenToWrites((note) => {
        if (note.kind !== 'in-place') return;
        assert.equal(note.why, 'no-rename');
        assert.equal(note.holds, 'new');
        assert.equal(dirname(note.copy), folder);
        assert.equal(readFileSync(note.copy, 'utf8'), longer);
        assert.equal(text(), old);
        notes.push(note);
      });
      await writeAtomically(path, Buffer.from(longer));
      assert.equal(notes.length, 1);
    });

    it('is not written over when it is another one by then', async () => {
      refusing('EXDEV');
      const { hash } = await readBytes(path);
      listenToWrites(() => writeFileSync(path, 'somebody else’s'));
      await assert.rejects(writeAtomically(path, Buffer.from(longer), hash), code('CHANGED_ON_DISK'));
      assert.equal(text(), 'somebody else’s');
    });

    it('does not come into being this way', async () => {
      refusing('EXDEV');
      path = join(folder, 'new.env');
      await assert.rejects(writeAtomically(path, Buffer.from('new')), code('IO'));
      assert.deepEqual(readdirSync(folder), ['a b.env']);
    });

    for (const [errno, expected] of [
      ['ENOSPC', 'DISK_FULL'],
      ['EIO', 'IO'],
    ] as const)
      for (const call of [1, 2, 3])
        it(`is the old one again after ${errno} at write ${call}`, async () => {
          refusing('EBUSY');
          let calls = 0;
          const real = instead(fsSync, 'writeSync', (file, bytes, at, length, position) => {
            if (++calls === call) throw Object.assign(new Error(), { code: errno });
            // A part of it, as a system may.
            return real(file, bytes, at, Math.min(5000, Number(length)), position);
          });
          await assert.rejects(writeAtomically(path, Buffer.from(longer)), code(expected));
          assert.equal(text(), old);
        });

    it('is told to be damaged when it cannot be put back, and where a whole copy is', async () => {
      refusing('EBUSY');
      let calls = 0;
      const real = instead(fsSync, 'writeSync', (...args) => {
        if (++calls > 1) throw Object.assign(new Error(), { code: 'EIO' });
        return real(...args);
      });
      await assert.rejects(writeAtomically(path, Buffer.from(longer)), code('HALF_WRITTEN'));
      const last = notes.at(-1);
      assert.ok(last?.kind === 'half-written');
      assert.equal(readFileSync(last.copy, 'utf8'), longer);
      rmSync(last.copy);
    });
  });

  describeUnless(mounting, 'because something is mounted on it', () => {
    let source: string;
    beforeEach(() => {
      source = join(folder, 'source');
      writeFileSync(source, old);
      run('mount', '--bind', source, path);
    });
    afterEach(() => run('umount', path));

    it('is written where it stands', async () => {
      assert.ok(await isMountPoint(path));
      assert.ok(!(await isMountPoint(source)));
      const staged = await stage(path, Buffer.from(longer));
      await staged.check((await readBytes(path)).hash);
      await staged.commit((await readBytes(path)).hash);
      assert.equal(text(), longer);
      assert.equal(readFileSync(source, 'utf8'), longer);
      assert.deepEqual(
        notes.map((note) => note.kind === 'in-place' && note.why),
        ['mount'],
      );
    });

    it('is as it was after a discard', async () => {
      await (await stage(path, Buffer.from(longer))).discard();
      assert.equal(text(), old);
    });
  });

  describeUnless(mounting, 'because it is mounted in a folder that cannot be written', () => {
    let source: string;
    beforeEach(() => {
      source = mkdtempSync(join(tmpdir(), 'lockstep-source-'));
      writeFileSync(join(source, 'file'), old, { mode: 0o600 });
      run('mount', '-t', 'tmpfs', 'none', folder);
      writeFileSync(path, '');
      run('mount', '--bind', join(source, 'file'), path);
      run('mount', '-o', 'remount,ro', folder);
    });
    afterEach(() => {
      run('umount', path);
      run('umount', folder);
      rmSync(source, { recursive: true });
    });

    for (const clear of [false, true])
      it(`has its copy elsewhere, of what is no clear text (${clear ? 'decrypting' : 'encrypting'})`, async () => {
        let held = '';
        listenToWrites((note) => {
          if (note.kind !== 'in-place') return;
          held = readFileSync(note.copy, 'utf8');
          assert.equal(statSync(note.copy).mode & 0o777, 0o600);
          assert.equal(note.why, 'mount');
          assert.equal(note.holds, clear ? 'old' : 'new');
        });
        await writeAtomically(path, Buffer.from(longer), (await readBytes(path)).hash, { clear });
        assert.equal(held, clear ? old : longer);
        assert.equal(readFileSync(join(source, 'file'), 'utf8'), longer);
      });

    it('is the only one there that can be', async () => {
      await assert.rejects(writeAtomically(join(folder, 'other.env'), Buffer.from('x')), code('READ_ONLY'));
    });
  });

  itUnless(mounting, 'because of a small disk behind it, is the old one when that is full', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    run('mount', '-t', 'tmpfs', '-o', 'size=16k', 'none', disk);
    writeFileSync(join(disk, 'file'), old);
    run('mount', '--bind', join(disk, 'file'), path);
    try {
      await assert.rejects(writeAtomically(path, Buffer.from(longer)), code('DISK_FULL'));
      assert.equal(text(), old);
    } finally {
      run('umount', path);
      run('umount', disk);
    }
  });

  it('is told apart from one with other names, which keep the old content', async () => {
    const other = join(folder, 'other');
    linkSync(path, other);
    linkSync(path, `${other}2`);
    assert.equal(await otherNames(path), 2);
    listenToWrites((note) => {
      assert.equal(text(), old, 'it is told before');
      notes.push(note);
    });
    await writeAtomically(path, Buffer.from('new'));
    assert.deepEqual(notes, [{ kind: 'names', path, others: 2 }]);
    assert.equal(readFileSync(other, 'utf8'), old);
    assert.equal(await otherNames(path), 0);
    await writeAtomically(path, Buffer.from('newer'));
    assert.equal(notes.length, 1);
  });
});

describeUnless(windows, 'a process that dies while it writes a file where it stands', function () {
  this.timeout(120_000);
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-dying-'));
    path = join(folder, 'a.env');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const child = join(__dirname, 'children', 'inplace.ts');
  const replace = (text: string, moment: string) =>
    new Promise<{ killed: boolean; told: string; calls: number }>((resolve) => {
      execFile(process.execPath, ['--require', 'tsx/cjs', child, path, text, moment], (error, out) => {
        const [told = '', calls] = out.split('\n');
        resolve({ killed: error?.signal === 'SIGKILL', told, calls: Number(calls) });
      });
    });

  for (const [title, text] of [
    ['longer', longer],
    ['shorter', 'short\n'],
  ] as const)
    it(`leaves the old or the new content whole, and has told where: ${title}`, async () => {
      writeFileSync(path, old);
      chmodSync(path, 0o600);
      const { calls, told } = await replace(text, '');
      assert.equal(readFileSync(path, 'utf8'), text);
      assert.deepEqual(readdirSync(folder), ['a.env']);
      assert.ok(calls >= 4 && told !== '', `${calls} calls`);
      let damaged = 0;
      for (let n = 1; n <= calls; n++)
        for (const side of ['-', '+']) {
          for (const name of readdirSync(folder)) rmSync(join(folder, name));
          writeFileSync(path, old);
          const died = await replace(text, `${n}${side}`);
          assert.ok(died.killed, `it was to die at ${n}${side}`);
          const found = readFileSync(path, 'utf8');
          if (found === old || found === text) continue;
          damaged++;
          assert.equal(dirname(died.told), folder);
          assert.ok(readdirSync(folder).includes(basename(died.told)));
          assert.equal(readFileSync(died.told, 'utf8'), text);
        }
      assert.ok(damaged > 0, 'no death came in the middle');
    });
});
