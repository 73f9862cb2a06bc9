import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, keptName } from '../../src/cli/compilecache.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { alice } from '../core/support.ts';
import { describeUnless, itUnless, needsRoot, windows } from '../skip.ts';
import { builtCli, runCli } from './built.ts';

describeUnless(windows, 'the folder of the compiled program', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'lockstep-home-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const folderOf = (env: Record<string, string> = {}, platform = 'linux') => cacheFolder({ platform, env, home });

  it('is one of this user, and for this user alone', () => {
    const folder = join(home, '.cache', 'lockstep');
    assert.equal(folderOf(), folder);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(home, '.cache')).mode & 0o077, 0);
    assert.equal(folderOf(), folder);
  });

  it('is where the system keeps such things', () => {
    assert.equal(folderOf({ XDG_CACHE_HOME: join(home, 'x') }), join(home, 'x', 'lockstep'));
    assert.equal(folderOf({ XDG_CACHE_HOME: 'relative' }), join(home, '.cache', 'lockstep'));
    mkdirSync(join(home, 'Library'));
    assert.equal(folderOf({}, 'darwin'), join(home, 'Library', 'Caches', 'lockstep'));
    assert.equal(folderOf({ LOCALAPPDATA: join(home, 'l') }, 'win32'), join(home, 'l', 'lockstep'));
  });

  it('is not used when others could have put a program there', () => {
    const folder = join(home, '.cache', 'lockstep');
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);
    assert.equal(folderOf(), undefined);
    chmodSync(folder, 0o755);
    chmodSync(join(home, '.cache'), 0o1777);
    assert.equal(folderOf(), undefined);
  });

  itUnless(needsRoot(), 'is not used when it is somebody else’s', () => {
    const folder = join(home, '.cache', 'lockstep');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chownSync(folder, 65534, 65534);
    assert.equal(folderOf(), undefined);
  });

  it('makes no home where there is none', () => {
    const none = join(home, 'none');
    assert.equal(cacheFolder({ platform: 'linux', env: {}, home: none }), undefined);
    assert.throws(() => statSync(none), { code: 'ENOENT' });
  });

  it('is done without where it cannot be, and where somebody says so', () => {
    writeFileSync(join(home, '.cache'), '');
    assert.equal(folderOf(), undefined);
    rmSync(join(home, '.cache'));
    assert.equal(folderOf({ NODE_DISABLE_COMPILE_CACHE: '1' }), undefined);
    assert.throws(() => statSync(join(home, '.cache')), { code: 'ENOENT' });
  });
});

describe('the name of the compiled program', () => {
  it('tells verbs and formats apart', () => {
    const names = [
      ['decrypt', 'a.yaml'],
      ['decrypt', 'a.env'],
      ['--decrypt', 'a.json'],
      ['encrypt', 'a.yaml'],
      ['a.yaml'],
      [],
    ].map(keptName);
    assert.equal(new Set(names).size, names.length);
    assert.equal(keptName(['-v', 'decrypt', 'b.yaml']), keptName(['decrypt', 'a.yaml', '--verbose']));
    for (const verb of ['decrypt', 'exec-env', 'updatekeys']) assert.ok(Object.hasOwn(verbs, verb));
  });

  it('says nothing of what was typed', () => {
    for (const words of [
      ['customer-x'],
      ['set', 'a', '["b"]', '"value-c"'],
      ['--extract', '["token"].yaml', '../../etc'],
    ])
      assert.match(keptName(words), /^(set|other)-(any|yaml)-\d+\.\d+\.\d+-v[\d.]+-\w+$/);
  });
});

describeUnless(windows, 'the compiled program', () => {
  let cli: string;
  let home: string;
  let env: NodeJS.ProcessEnv;
  const canary = 'canary-7f3a9c-in-the-value';
  before(async function () {
    this.timeout(60_000);
    cli = await builtCli();
  });
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'lockstep-home-'));
    env = { PATH: process.env.PATH, HOME: home, SOPS_AGE_KEY: alice.identity };
    writeFileSync(join(home, 'plain.yaml'), `a: ${canary}\nb: 2\n`);
    const { status, stdout } = run('encrypt', '--age', alice.recipient, 'plain.yaml');
    assert.equal(status, 0);
    writeFileSync(join(home, 'a.yaml'), stdout);
    rmSync(folder(), { recursive: true });
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const folder = () => join(home, '.cache', 'lockstep');
  const run = (...words: string[]) => runCli(cli, words, home, env);
  const decrypts = () => {
    const { status, stdout, stderr } = run('decrypt', 'a.yaml');
    assert.deepEqual([status, stdout, stderr], [0, `a: ${canary}\nb: 2\n`, '']);
  };
  /** The one file that is kept. */
  const kept = () => {
    const [name, ...more] = readdirSync(folder());
    assert.ok(name !== undefined && more.length === 0, `${name} ${more}`);
    return join(folder(), name);
  };

  it('is made of ASCII, as which it is read', () => {
    for (const part of ['-main.js', '-often.js'])
      assert.ok(readFileSync(cli.replace(/\.js$/, part)).every((byte) => byte < 0x80));
  });

  it('is kept for its owner alone, and taken the next time', () => {
    decrypts();
    const { mode, mtimeMs, size } = statSync(kept());
    assert.equal(mode & 0o777, 0o600);
    assert.ok(size > 100_000, `${size}`);
    decrypts();
    assert.equal(statSync(kept()).mtimeMs, mtimeMs);
  });

  it('holds functions that ran, and nothing of what they worked on', () => {
    decrypts();
    const bytes = readFileSync(kept());
    for (const secret of [canary, alice.identity, alice.identity.slice(16, 40)])
      for (const encoding of ['latin1', 'utf16le'] as const)
        assert.equal(bytes.indexOf(Buffer.from(secret, encoding)), -1);
  });

  it('is not taken when it is damaged, cut or of another program', () => {
    decrypts();
    const [file, whole] = [kept(), readFileSync(kept())];
    const flipped = Buffer.from(whole);
    flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 1;
    for (const bytes of [flipped, whole.subarray(0, whole.length >> 1), Buffer.alloc(0), Buffer.alloc(100)]) {
      writeFileSync(file, bytes);
      decrypts();
      // And written anew.
      assert.ok(!readFileSync(kept()).equals(bytes));
      assert.ok(statSync(kept()).size > 100_000);
    }
    const main = cli.replace(/\.js$/, '-often.js');
    const source = readFileSync(main, 'utf8');
    const marked = source.replace('which should not happen', 'which must not happen!!');
    assert.equal(marked.length, source.length);
    assert.notEqual(marked, source);
    const before = readFileSync(file);
    try {
      writeFileSync(main, marked);
      decrypts();
      assert.ok(!readFileSync(kept()).equals(before));
    } finally {
      writeFileSync(main, source);
    }
  });

  it('is not kept of a run that failed, nor where somebody says so', () => {
    assert.notEqual(run('decrypt', 'none.yaml').status, 0);
    assert.deepEqual(readdirSync(folder()), []);
    env = { ...env, NODE_DISABLE_COMPILE_CACHE: '1' };
    decrypts();
    assert.deepEqual(readdirSync(folder()), []);
  });

  it('is kept as it is when a program has started, not at the end of much work', () => {
    writeFileSync(join(home, '.env'), 'TOKEN=canary-token\n');
    assert.equal(run('encrypt', '-i', '--age', alice.recipient, '.env').status, 0);
    const size = (script: string) => {
      rmSync(folder(), { recursive: true });
      const words = [cli, 'run', '-f', '.env', '--', 'sh', '-c', script];
      assert.equal(spawnSync(process.execPath, words, { cwd: home, env, stdio: 'ignore' }).status, 0);
      return statSync(kept()).size;
    };
    const [long, short] = [size('yes some line of a log | head -c 2000000000'), size('true')];
    assert.ok(long > short * 0.8, `${long} of ${short}`);
  }).timeout(120_000);

  it('is done without where it cannot be written', () => {
    mkdirSync(join(folder(), `${keptName(['decrypt', 'a.yaml'])}.new`), { recursive: true });
    chmodSync(folder(), 0o700);
    chmodSync(join(home, '.cache'), 0o700);
    decrypts();
  });
});
