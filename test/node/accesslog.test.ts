import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs, {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessEvent } from '../../src/core/access/event.ts';
import { lineOf } from '../../src/core/access/record.ts';
import { check } from '../../src/core/access/verify.ts';
import { isOurs } from '../../src/core/errors.ts';
import { appendRecord, appendRecordSync, readLog } from '../../src/node/access/append.ts';
import { addNotice } from '../../src/node/access/notices.ts';
import { stateFolder } from '../../src/node/access/place.ts';
import { root } from '../core/shared.ts';
import { cannotMount } from '../mounting.ts';
import { itUnless } from '../skip.ts';

const event: AccessEvent = { purpose: 'copy', file: '/w/a.yaml', key: 'db.password', by: 'test' };
const now = new Date('2026-11-27T10:00:00Z');
const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'none';
  } catch (error) {
    return isOurs(error) ? error.code : error;
  }
};

describe('the access log on the disk', () => {
  let home: string;
  let folder: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'lockstep-access-'));
    folder = join(home, 'state', 'lockstep');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const path = (name = 'access.jsonl') => join(folder, name);
  const write = (more: Partial<AccessEvent> = {}) => appendRecordSync(folder, { ...event, ...more }, now);
  const checked = () => {
    const { files, head } = readLog(folder);
    return check(files, [head]);
  };
  const kinds = () => checked().findings.map(({ kind }) => kind);

  it('is for its owner only', () => {
    write();
    for (const name of readdirSync(folder)) assert.equal(statSync(path(name)).mode & 0o777, 0o600, name);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(folder).sort(), ['access.head', 'access.jsonl'], 'no lock is left');
  });

  it('goes on after itself', () => {
    for (let i = 0; i < 3; i++) assert.deepEqual(write().lost, 0);
    assert.deepEqual(kinds(), []);
    assert.deepEqual(
      checked().records.map(({ n }) => n),
      [1, 2, 3],
    );
  });

  it('goes on after a writer that was killed in the middle of a line, and knows it from tampering', () => {
    write();
    write();
    appendFileSync(path(), '{"n":3,"at":"2026-11-');
    assert.deepEqual(kinds(), ['torn']);
    assert.equal(write().head.n, 3);
    assert.deepEqual(kinds(), ['torn']);
    appendFileSync(path(), '{"n":4,"at":"2026-11-27T10:00:00.000Z","purpose":"copy","file":"/w/ü'.slice(0, -1));
    appendFileSync(path(), Buffer.from([0xc3]));
    write();
    assert.deepEqual(kinds(), ['torn', 'torn'], 'also in the middle of a character');
  });

  it('notices at the next record that its end is gone, and says so in itself', () => {
    for (let i = 0; i < 4; i++) write();
    const lines = readFileSync(path(), 'utf8').split(/(?<=\n)/);
    writeFileSync(path(), lines.slice(0, 2).join(''));
    assert.deepEqual(kinds(), ['cut']);
    assert.equal(write().lost, 2);
    assert.deepEqual(
      checked().records.map(({ purpose }) => purpose),
      ['copy', 'copy', 'fault', 'copy'],
    );
    assert.deepEqual(kinds(), ['noticed'], 'the loss stays in the log');
    rmSync(path());
    assert.equal(write().lost, 4);
  });

  it('notices that the last record was replaced', () => {
    const { head } = write();
    const kept = readFileSync(path(), 'utf8');
    write();
    writeFileSync(path(), kept + lineOf({ ...event, key: 'mine' }, now, { last: head }).line);
    assert.deepEqual(kinds(), ['cut']);
    assert.equal(write().lost, 1);
    assert.deepEqual(kinds(), ['noticed']);
  });

  it('takes what is no log for changed, and goes on', () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path(), Buffer.from([0, 255, 254, 10, 13, 10]));
    write();
    write();
    assert.deepEqual(kinds(), ['changed', 'changed']);
    assert.equal(checked().records.length, 2);
    for (const head of ['', 'x', '9'.repeat(200), '0000000000000009 zz\n']) {
      writeFileSync(path('access.head'), head);
      assert.equal(write().lost, 0, head);
    }
  });

  it('never grows over five files, and its chain goes on over all of them', () => {
    for (let file = 0; file < 7; file++) {
      write();
      // Full, with a line that is none: the next record begins another file.
      truncateSync(path(), 1024 * 1024);
      write();
    }
    const { files } = readLog(folder);
    assert.equal(files.length, 5);
    assert.equal(
      checked().findings.filter(({ kind }) => kind === 'front' || kind === 'gap').length,
      0,
      JSON.stringify(checked().findings),
    );
    rmSync(path(files[0]?.name));
    assert.deepEqual(kinds()[0], 'front');
  });

  it('does not follow links', () => {
    mkdirSync(folder, { recursive: true });
    const other = join(home, 'other');
    writeFileSync(other, 'mine\n');
    symlinkSync(other, path());
    assert.equal(
      codeOf(() => write()),
      'NOT_A_FILE',
    );
    rmSync(path());
    symlinkSync(other, path('access.head'));
    assert.equal(
      codeOf(() => write()),
      'NOT_A_FILE',
    );
    assert.equal(readFileSync(other, 'utf8'), 'mine\n');
  });

  it('says what is wrong where it cannot be written, and leaves no lock', () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    assert.equal(
      codeOf(() => appendRecordSync(join(file, 'lockstep'), event, now)),
      'NOT_A_FILE',
    );
    assert.equal(
      codeOf(() => appendRecordSync(join(home, 'a', 'b', 'c', 'd'), event, now)),
      'GONE',
    );
    assert.ok(!existsSync(join(home, 'a')), 'where there is no home none is made');
    // As on Windows where the drive is not there: then nothing above is.
    const { statSync: real } = fs;
    let looks = 0;
    Object.assign(fs, { statSync: () => (looks++ > 50 ? assert.fail('it goes round') : undefined) });
    try {
      assert.equal(
        codeOf(() => appendRecordSync(join(home, 'a', 'b'), event, now)),
        'GONE',
      );
    } finally {
      Object.assign(fs, { statSync: real });
    }
    mkdirSync(path(), { recursive: true });
    assert.equal(
      codeOf(() => write()),
      'NOT_A_FILE',
    );
    assert.deepEqual(readdirSync(folder), ['access.jsonl']);
  });

  itUnless(cannotMount(), 'is as it was when the disk is full, and goes on when there is room', () => {
    mkdirSync(folder, { recursive: true });
    assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status, 0);
    try {
      write();
      assert.throws(() => writeFileSync(path('filler'), Buffer.alloc(128 * 1024)), /ENOSPC/);
      const codes = Array.from({ length: 30 }, () => codeOf(() => write()));
      assert.equal(codes.at(-1), 'DISK_FULL');
      assert.deepEqual(kinds(), []);
      assert.ok(readFileSync(path(), 'utf8').endsWith('}\n'));
      rmSync(path('filler'));
      assert.equal(write().lost, 0);
      assert.deepEqual(kinds(), []);
      assert.deepEqual(readdirSync(folder).sort(), ['access.head', 'access.jsonl']);
    } finally {
      assert.equal(spawnSync('umount', [folder]).status, 0);
    }
  });

  it('breaks the lock of a process that is gone, and waits for one that is not', async () => {
    write();
    const lock = path('access.lock');
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    const space = /\d+/.exec(readSpace())?.[0] ?? '0';
    writeFileSync(lock, `${space} ${child.pid}`);
    assert.equal(write().head.n, 2);
    for (const other of ['', `1 ${process.pid}`]) {
      writeFileSync(lock, other);
      const old = new Date(Date.now() - 5_000);
      utimesSync(lock, old, old);
      write();
    }
    writeFileSync(lock, `${space} ${process.pid}`);
    setTimeout(() => rmSync(lock), 50);
    assert.equal((await appendRecord(folder, event, now)).head.n, 5);
    writeFileSync(lock, `${space} ${process.pid}`);
    assert.equal(
      codeOf(() => write()),
      'IO',
    );
    assert.equal(readLog(folder).files.length, 1, 'reading does not need it');
    rmSync(lock);
    assert.deepEqual(readdirSync(folder).sort(), ['access.head', 'access.jsonl']);
  }).timeout(15_000);

  const readSpace = () => {
    try {
      return String(statSync('/proc/self/ns/pid').ino);
    } catch {
      return '';
    }
  };

  const writers = (count: number, records: number) =>
    Array.from({ length: count }, () =>
      spawn(
        process.execPath,
        ['--import', 'tsx', join(root, 'test/node/children/accesswriter.ts'), folder, `${records}`],
        {
          cwd: root,
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      ),
    );

  it('takes the records of several processes at once', async () => {
    const codes = await Promise.all(writers(4, 40).map(async (child) => (await once(child, 'exit'))[0]));
    assert.deepEqual(codes, [0, 0, 0, 0]);
    assert.deepEqual(checked().findings, []);
    assert.equal(checked().records.length, 160);
  }).timeout(60_000);

  it('stays a chain when writers are killed', async () => {
    const children = writers(3, 100_000);
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    for (const child of children) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    write();
    assert.deepEqual(
      kinds().filter((kind) => kind !== 'torn'),
      [],
    );
  }).timeout(60_000);
});

describe('the place of the access log', () => {
  it('is where programs of this user keep such things', () => {
    const of = (platform: NodeJS.Platform, env = {}, home = '/home/ada') => stateFolder(env, home, platform);
    assert.equal(of('linux'), '/home/ada/.local/state/lockstep');
    assert.equal(of('linux', { XDG_STATE_HOME: '/s' }), '/s/lockstep');
    assert.equal(of('linux', { XDG_STATE_HOME: 's' }), '/home/ada/.local/state/lockstep');
    assert.equal(of('darwin'), '/home/ada/Library/Application Support/lockstep');
    // Joined as this system does it: what is only called Windows here, in a test, must not become a name in the current folder.
    assert.equal(of('win32'), '/home/ada/AppData/Local/lockstep');
    assert.equal(of('win32', { LOCALAPPDATA: '/l' }), '/l/lockstep');
    assert.equal(of('linux', {}, ''), undefined);
    assert.equal(of('linux', {}, 'home'), undefined);
  });
});

describe('notices of extractions in a repository', () => {
  let repository: string;
  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), 'lockstep-notices-'));
  });
  afterEach(() => rmSync(repository, { recursive: true, force: true }));
  const at = (...names: string[]) => join(repository, '.lockstep', 'extractions', ...names);

  it('are written where the repository or the person wants them', () => {
    assert.equal(addNotice(repository, 'a.tsv', 'x\n', false), false);
    assert.deepEqual(readdirSync(repository), []);
    assert.equal(addNotice(repository, 'a.tsv', 'x\n', true), true);
    assert.equal(addNotice(repository, 'a.tsv', 'y\n', false), true);
    assert.equal(readFileSync(at('a.tsv'), 'utf8'), 'x\ny\n');
    assert.match(readFileSync(at('.gitattributes'), 'utf8'), /merge=union/);
  });

  it('follow no link out of the repository, and no other name of a file', () => {
    const outside = join(repository, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'a.tsv'), '');
    mkdirSync(join(repository, '.lockstep'));
    symlinkSync(outside, at());
    assert.equal(
      codeOf(() => addNotice(repository, 'a.tsv', 'x\n', true)),
      'NOT_A_FILE',
    );
    rmSync(at());
    mkdirSync(at());
    symlinkSync(join(outside, 'a.tsv'), at('a.tsv'));
    linkSync(join(outside, 'a.tsv'), at('b.tsv'));
    symlinkSync(join(outside, 'new'), at('c.tsv'));
    for (const name of ['a.tsv', 'b.tsv', 'c.tsv'])
      assert.equal(
        codeOf(() => addNotice(repository, name, 'x\n', true)),
        'NOT_A_FILE',
        name,
      );
    rmSync(join(repository, '.lockstep'), { recursive: true });
    symlinkSync(outside, join(repository, '.lockstep'));
    assert.equal(
      codeOf(() => addNotice(repository, 'a.tsv', 'x\n', true)),
      'NOT_A_FILE',
    );
    assert.deepEqual([readdirSync(outside), readFileSync(join(outside, 'a.tsv'), 'utf8')], [['a.tsv'], '']);
  });
});
