import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs, {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LockstepError } from '../../src/core/errors.ts';
import { errnoOf, patiently, readBytes, readIfThere, stage, writeAtomically } from '../../src/node/files.ts';
import { itUnless, skipFor, windows } from '../skip.ts';

const old = 'old text\n'.repeat(1000);
const fresh = 'new text, longer than the old one\n'.repeat(1000);
const bytes = Buffer.from(fresh);
const code = (expected: string) => (error: unknown) => error instanceof LockstepError && error.code === expected;

describe('files', () => {
  let folder: string;
  let path: string;
  const text = () => readFile(path, 'utf8');
  const strays = async () => (await readdir(folder)).filter((name) => name.endsWith('.tmp'));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lockstep-files-'));
    path = join(folder, 'a.env');
    await writeFile(path, old);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('replace a file in two steps', async () => {
    const { hash } = await readBytes(path);
    const staged = await stage(path, bytes);
    assert.equal(await text(), old);
    assert.equal((await strays()).length, 1);
    await staged.check(hash);
    await staged.commit(hash);
    assert.equal(await text(), fresh);
    assert.deepEqual(await strays(), []);
    await staged.discard();
    assert.equal(await text(), fresh, 'a discard after the commit takes nothing away');
  });

  it('show what is written beside them to its owner only', async function () {
    skipFor(this, windows);
    await chmod(path, 0o644);
    const umask = process.umask(0);
    try {
      const staged = await stage(path, bytes, { newMode: 0o644 });
      const [beside] = await strays();
      assert.equal((await stat(join(folder, beside!))).mode & 0o777, 0o600);
      await staged.discard();
    } finally {
      process.umask(umask);
    }
  });

  it('leave nothing after a discard', async () => {
    await (await stage(path, bytes)).discard();
    assert.equal(await text(), old);
    assert.deepEqual(await strays(), []);
  });

  it('keep the mode, and give a new file 0600', async () => {
    await chmod(path, 0o640);
    await writeAtomically(path, bytes);
    assert.equal((await stat(path)).mode & 0o7777, 0o640);
    path = join(folder, 'new.env');
    await writeAtomically(path, bytes);
    assert.equal((await stat(path)).mode & 0o7777, 0o600);
    assert.equal(await text(), fresh);
  });

  it('never overwrite another text than the one that was read', async () => {
    const { hash } = await readBytes(path);
    const staged = await stage(path, bytes);
    await writeFile(path, 'changed by somebody else');
    await assert.rejects(staged.check(hash), code('CHANGED_ON_DISK'));
    assert.equal((await strays()).length, 1, 'a check discards nothing');
    await assert.rejects(staged.commit(hash), code('CHANGED_ON_DISK'));
    assert.equal(await text(), 'changed by somebody else');
    assert.deepEqual(await strays(), []);
  });

  it('do not bring a deleted file back', async () => {
    const { hash } = await readBytes(path);
    const staged = await stage(path, bytes);
    await unlink(path);
    await assert.rejects(staged.commit(hash), code('GONE'));
    assert.deepEqual(await readdir(folder), []);
  });

  it('follow a link and keep it', async () => {
    const link = join(folder, 'link.env');
    await symlink('a.env', link);
    await writeAtomically(link, bytes, (await readBytes(link)).hash);
    assert.equal(await text(), fresh);
    assert.equal(await readlink(link), 'a.env');
  });

  it('refuse links that lead nowhere, folders and paths without a folder', async () => {
    await symlink('nowhere', join(folder, 'dead'));
    await symlink('loop', join(folder, 'loop'));
    await mkdir(join(folder, 'sub'));
    await assert.rejects(stage(join(folder, 'dead'), bytes), code('NOT_A_FILE'));
    await assert.rejects(stage(join(folder, 'loop'), bytes), code('NOT_A_FILE'));
    await assert.rejects(stage(join(folder, 'sub'), bytes), code('NOT_A_FILE'));
    await assert.rejects(readBytes(join(folder, 'sub')), code('NOT_A_FILE'));
    await assert.rejects(stage(join(folder, 'none', 'a.env'), bytes), code('GONE'));
    await assert.rejects(stage(join(path, 'a.env'), bytes), code('NOT_A_FILE'));
    assert.deepEqual(await strays(), []);
  });

  it('hold to the write protection of the file itself', async () => {
    await chmod(path, 0o444);
    await assert.rejects(stage(path, bytes), code('READ_ONLY'));
    await chmod(path, 0o644);
    const staged = await stage(path, bytes);
    await chmod(path, 0o444);
    await assert.rejects(staged.check(), code('READ_ONLY'));
    await assert.rejects(staged.commit(), code('READ_ONLY'));
    assert.equal(await text(), old);
    assert.deepEqual(await strays(), []);
  });

  it('read within a limit', async () => {
    await assert.rejects(readBytes(path, 10), code('TOO_LARGE'));
    await assert.rejects(readBytes(join(folder, 'none')), code('GONE'));
    assert.equal(await readIfThere(join(folder, 'none')), undefined);
    await assert.rejects(readIfThere(folder), code('NOT_A_FILE'));
  });

  describe('when the file system fails', () => {
    type Loose = Record<string, (...args: unknown[]) => Promise<unknown>>;
    const loose = fs as unknown as Loose;
    let undo: (() => void)[] = [];
    const failing = (target: Loose, name: string, errno: string) => {
      const real = target[name];
      assert.ok(real, name);
      target[name] = () => Promise.reject(Object.assign(new Error(`${errno}: said to the log`), { code: errno }));
      undo.push(() => {
        target[name] = real;
      });
      syncBuiltinESMExports();
    };
    const onNewFile = (change: (handle: Loose) => void) => {
      const open = loose.open;
      loose.open = async (...args) => {
        const handle = (await open?.apply(fs, args)) as Loose;
        if (String(args[0]).endsWith('.tmp')) change(handle);
        return handle;
      };
      undo.push(() => {
        if (open) loose.open = open;
      });
      syncBuiltinESMExports();
    };
    const failingHandle = (name: string, errno: string) => onNewFile((handle) => failing(handle, name, errno));
    const watchHandle = (
      name: string,
      instead: (real: (...args: unknown[]) => Promise<unknown>, ...args: unknown[]) => Promise<unknown>,
    ) =>
      onNewFile((handle) => {
        const real = handle[name]?.bind(handle);
        assert.ok(real, name);
        handle[name] = (...args) => instead(real, ...args);
      });
    afterEach(() => {
      for (const one of undo.reverse()) one();
      undo = [];
      syncBuiltinESMExports();
    });

    // Windows has neither owners nor groups here.
    const posix = (title: string, test: () => Promise<void>) => itUnless(windows, title, test);

    posix('a group that cannot be given gets no rights, and no other group its own', async () => {
      await chmod(path, 0o2664);
      failingHandle('chown', 'EPERM');
      await writeAtomically(path, bytes);
      assert.equal((await stat(path)).mode & 0o7777, 0o604);
    });

    posix('somebody else’s file keeps its group where that can be given', async () => {
      await chmod(path, 0o640);
      const { uid, gid } = await stat(path);
      const tried: unknown[] = [];
      watchHandle('chown', (real, ...args) => {
        tried.push(args);
        return tried.length === 1 ? Promise.reject(Object.assign(new Error(), { code: 'EPERM' })) : real(...args);
      });
      await writeAtomically(path, bytes);
      assert.deepEqual(tried, [
        [uid, gid],
        [process.getuid?.(), gid],
      ]);
      assert.equal((await stat(path)).mode & 0o777, 0o640);
    });

    it('a disk without modes is no reason to refuse', async () => {
      // Every new file has the mode that the old one has.
      await chmod(path, 0o600);
      failingHandle('chmod', 'EPERM');
      await writeAtomically(path, bytes);
      assert.equal(await text(), fresh);
      await writeAtomically(join(folder, 'new.env'), bytes, undefined, { newMode: 0o644 });
      assert.equal(await readFile(join(folder, 'new.env'), 'utf8'), fresh);
    });

    for (const how of ['a link', 'another file'])
      posix(`${how} that somebody puts under the name of the new file changes no mode and takes no place`, async () => {
        const mine = join(folder, 'id_ed25519');
        await writeFile(mine, 'key', { mode: 0o600 });
        const staged = await stage(path, bytes);
        const temporary = join(folder, (await strays())[0] ?? '');
        await unlink(temporary);
        await (how === 'a link' ? symlink : link)(mine, temporary);
        await assert.rejects(staged.commit(), code(how === 'a link' ? 'NOT_A_FILE' : 'CHANGED_ON_DISK'));
        assert.equal((await stat(mine)).mode & 0o777, 0o600);
        assert.equal(await text(), old);
        assert.deepEqual(await strays(), []);
      });

    posix('the rights of a group come after the group, right before the file takes its place', async () => {
      await chmod(path, 0o640);
      const calls: string[] = [];
      for (const name of ['chown', 'chmod'])
        watchHandle(name, (real, ...args) => {
          calls.push(name);
          return real(...args);
        });
      const { rename } = loose;
      loose.rename = async (...args) => {
        calls.push('rename');
        return rename?.apply(fs, args);
      };
      undo.push(() => Object.assign(loose, { rename }));
      syncBuiltinESMExports();
      await writeAtomically(path, bytes);
      assert.deepEqual(calls, ['chown', 'chmod', 'rename']);
    });

    const cases: [step: string, arrange: (errno: string) => void][] = [
      ['open', (errno) => failing(loose, 'open', errno)],
      ['write', (errno) => failingHandle('writeFile', errno)],
      ['chmod', (errno) => failingHandle('chmod', errno)],
      ['sync', (errno) => failingHandle('sync', errno)],
      ['rename', (errno) => failing(loose, 'rename', errno)],
    ];
    const errors = {
      ENOSPC: 'DISK_FULL',
      EDQUOT: 'DISK_FULL',
      EACCES: 'READ_ONLY',
      EPERM: 'READ_ONLY',
      EROFS: 'READ_ONLY',
      EIO: 'IO',
    };
    for (const [step, arrange] of cases) {
      for (const [errno, expected] of Object.entries(errors)) {
        // Only the rename may not be: the file itself is written then.
        if (step === 'rename' && errno === 'EPERM' && !windows) continue;
        it(`${errno} at ${step} is ${expected}, and the old file stays`, async () => {
          arrange(errno);
          await assert.rejects(writeAtomically(path, bytes), (error) => {
            assert.ok(error instanceof LockstepError);
            assert.equal(error.code, expected);
            assert.equal(errnoOf(error), errno);
            assert.ok(!error.message.includes('said to the log'));
            return true;
          });
          assert.equal(await text(), old);
          assert.deepEqual(await readdir(folder), ['a.env']);
        });
      }
    }
  });

  describe('in use by another program', () => {
    const held = (errno: string) => Object.assign(new Error(), { code: errno });
    /** Fails so many times; how often it was tried, and how long was waited. */
    const attempt = async (platform: NodeJS.Platform, errno: string, failures: number) => {
      let tries = 0;
      let waited = 0;
      const work = async () => {
        if (tries++ < failures) throw held(errno);
      };
      const wait = async (ms: number) => {
        waited += ms;
      };
      const result = await patiently(work, platform, wait).catch((error) => error.code);
      return { result, tries, waited };
    };

    for (const errno of ['EPERM', 'EACCES', 'EBUSY'])
      it(`are tried again on Windows after ${errno}, for a while`, async () => {
        assert.deepEqual(await attempt('win32', errno, 3), { result: undefined, tries: 4, waited: 70 });
        assert.deepEqual(await attempt('win32', errno, 99), { result: errno, tries: 9, waited: 2550 });
        assert.deepEqual(await attempt('linux', errno, 3), { result: errno, tries: 1, waited: 0 });
      });

    it('are not tried again for anything else', async () => {
      assert.deepEqual(await attempt('win32', 'ENOSPC', 3), { result: 'ENOSPC', tries: 1, waited: 0 });
      const changed = async () => {
        throw new LockstepError('CHANGED_ON_DISK');
      };
      await assert.rejects(
        patiently(changed, 'win32', () => assert.fail('waited')),
        code('CHANGED_ON_DISK'),
      );
    });
  });

  describe('when the process dies', function () {
    this.timeout(120_000);
    const child = join(__dirname, 'children', 'replace.ts');
    const replace = (moment: string) =>
      new Promise<{ killed: boolean; calls: number }>((resolve) => {
        execFile(process.execPath, ['--require', 'tsx/cjs', child, path, fresh, moment], (error, out) =>
          resolve({ killed: error?.signal === 'SIGKILL', calls: Number(out) }),
        );
      });

    it('the file is the old one or the new one, whole', async () => {
      const { calls } = await replace('');
      assert.equal(await text(), fresh);
      assert.ok(calls >= 8, `${calls} calls`);
      const seen = new Set<string>();
      for (let n = 1; n <= calls; n++) {
        for (const side of ['-', '+']) {
          await writeFile(path, old);
          const { killed } = await replace(`${n}${side}`);
          assert.ok(killed, `it was to die at ${n}${side}`);
          const found = await text();
          assert.ok(found === old || found === fresh, `neither the old nor the new file after ${n}${side}`);
          seen.add(found);
        }
      }
      assert.equal(seen.size, 2, 'some deaths come before the rename and some after it');
    });
  });
});
