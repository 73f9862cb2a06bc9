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
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makePrivateFolder } from '../../src/node/private.ts';
import { describeUnless, windows } from '../skip.ts';

// Windows has no modes to look at, and another place for temporary files.
describeUnless(windows, 'a private folder', function () {
  this.timeout(30_000);
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

  describe('that was left in a place that only a variable named', () => {
    /** Makes a folder there in a process that is killed before the guard of its folder can do anything. */
    const abandon = (env: Record<string, string>) => {
      const script = `const { makePrivateFolder } = require(${JSON.stringify(join(__dirname, '../../src/node/private.ts'))});
        const { path } = makePrivateFolder(${JSON.stringify(env)}, process.platform);
        require('node:fs').writeFileSync(path + '/secret', 'left behind');
        require('node:fs').writeSync(1, path);
        ${unguarded}
        process.kill(process.pid, 'SIGKILL');`;
      const { stdout, signal, stderr, pid } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '-e', script], {
        encoding: 'utf8',
      });
      assert.equal(signal, 'SIGKILL', stderr);
      return { path: stdout, pid };
    };
    // The guards are children of that process, and there is nothing else.
    const unguarded =
      "require('node:child_process').spawnSync('sh', ['-c', 'kill -9 $(ps -o pid= --ppid ' + process.pid + ' | grep -v $$)']);";
    /** Of these processes: others on this machine have folders there, too. */
    const signs = (of: readonly number[]) =>
      [`/run/user/${process.getuid?.()}`, '/dev/shm', '/tmp', '/var/tmp'].flatMap((at) =>
        (existsSync(at) ? readdirSync(at) : [])
          .filter((name) => of.includes(Number(/^lockstep-\d+-(\d+)-[0-9a-f]{16}$/.exec(name)?.[1])))
          .map((name) => join(at, name)),
      );

    for (const name of ['XDG_RUNTIME_DIR', 'TMPDIR'])
      it(`is wiped by the next run, whatever ${name} is then`, () => {
        const before = signs([process.pid]);
        const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
        let { path, pid } = abandon({ [name]: elsewhere });
        // Another run on this machine may be the next one.
        for (let n = 0; n < 5 && !existsSync(join(path, 'secret')); n++)
          ({ path, pid } = abandon({ [name]: elsewhere }));
        assert.ok(existsSync(join(path, 'secret')), path);
        makePrivateFolder({ XDG_RUNTIME_DIR: place }, process.platform).wipe();
        assert.ok(!existsSync(path));
        assert.deepEqual(signs([pid, process.pid]), before);
        rmSync(elsewhere, { recursive: true });
      });

    it('is not followed from a link to somewhere else', () => {
      const { pid } = spawnSync(process.execPath, ['-e', '']);
      const living = make();
      const mine = join(place, 'mine');
      mkdirSync(mine, { mode: 0o700 });
      writeFileSync(join(mine, 'kept'), 'text');
      const sign = join('/tmp', basename(living.path).replace(/-\d+-([0-9a-f]+)$/, `-${pid}-$1`));
      symlinkSync(mine, sign);
      living.wipe();
      make().wipe();
      assert.ok(existsSync(join(mine, 'kept')));
      assert.ok(!existsSync(sign));
    });
  });

  it('goes with its process, however that ends', async () => {
    const script = `const { makePrivateFolder } = require(${JSON.stringify(join(__dirname, '../../src/node/private.ts'))});
      const { path } = makePrivateFolder({ XDG_RUNTIME_DIR: ${JSON.stringify(place)} }, process.platform);
      require('node:fs').writeFileSync(path + '/secret', 'left behind');
      process.kill(process.pid, 'SIGKILL');`;
    assert.equal(spawnSync(process.execPath, ['--require', 'tsx/cjs', '-e', script]).signal, 'SIGKILL');
    const since = Date.now();
    while (readdirSync(place).length > 0) {
      assert.ok(Date.now() - since < 10_000, 'the folder stays');
      await pause(10);
    }
  });
});
