import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCache } from '../../src/cli/compilecache.ts';
import { describeUnless, itUnless, needsRoot, windows } from '../skip.ts';

describeUnless(windows, 'the folder of the compiled program', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'lockstep-home-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  /** The folders that Node was given. */
  function enabled(env: Record<string, string> = {}, platform = 'linux'): string[] {
    const given: string[] = [];
    compileCache({ platform, env, home, enable: (folder) => given.push(folder) });
    return given;
  }

  it('is one of this user, and for this user alone', () => {
    const folder = join(home, '.cache', 'lockstep');
    assert.deepEqual(enabled(), [folder]);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(home, '.cache')).mode & 0o077, 0);
    assert.deepEqual(enabled(), [folder]);
  });

  it('is where the system keeps such things', () => {
    assert.deepEqual(enabled({ XDG_CACHE_HOME: join(home, 'x') }), [join(home, 'x', 'lockstep')]);
    assert.deepEqual(enabled({ XDG_CACHE_HOME: 'relative' }), [join(home, '.cache', 'lockstep')]);
    mkdirSync(join(home, 'Library'));
    assert.deepEqual(enabled({}, 'darwin'), [join(home, 'Library', 'Caches', 'lockstep')]);
    assert.deepEqual(enabled({ LOCALAPPDATA: join(home, 'l') }, 'win32'), [join(home, 'l', 'lockstep')]);
  });

  it('is not used when others could have put a program there', () => {
    const folder = join(home, '.cache', 'lockstep');
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);
    assert.deepEqual(enabled(), []);
    chmodSync(folder, 0o755);
    chmodSync(join(home, '.cache'), 0o1777);
    assert.deepEqual(enabled(), []);
  });

  itUnless(needsRoot(), 'is not used when it is somebody else’s', () => {
    const folder = join(home, '.cache', 'lockstep');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chownSync(folder, 65534, 65534);
    assert.deepEqual(enabled(), []);
  });

  it('makes no home where there is none', () => {
    const none = join(home, 'none');
    compileCache({ platform: 'linux', env: {}, home: none, enable: () => assert.fail('enabled') });
    assert.throws(() => statSync(none), { code: 'ENOENT' });
  });

  it('is done without where it cannot be, and on Node 20', () => {
    writeFileSync(join(home, '.cache'), '');
    assert.deepEqual(enabled(), []);
    rmSync(join(home, '.cache'));
    compileCache({ platform: 'linux', env: {}, home, enable: undefined });
    assert.throws(() => statSync(join(home, '.cache')), { code: 'ENOENT' });
  });
});
